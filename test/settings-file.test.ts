import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { nearestName } from '../device/nearest-name.ts';
import { readSettingsFile } from '../device/settings-file.ts';
import { temporaryFolder } from './support/store.ts';

async function read(t: TestContext, text: string) {
  const path = join(await temporaryFolder(t), 'settings.jsonc');
  await writeFile(path, text);
  const { entries, faults } = readSettingsFile(path);
  const short = (where: string): string => where.replace(`${path}:`, '');
  return {
    entries: Object.fromEntries([...entries].map(([name, { where, value }]) => [name, [value, short(where)]])),
    faults: faults.map(({ where, text: what }) => `${short(where)} ${what}`),
  };
}

describe('a file of settings', () => {
  it('may have comments, trailing commas, any line ends, and the mark that Windows puts first', async t => {
    const text = '\uFEFF// one\r\n{\r\n  "port": 1, // two\r\n  /* three\r\n */ "host": "a",\r\n}\r\n';
    assert.deepEqual(await read(t, text), { entries: { port: [1, '3:11'], host: ['a', '5:13'] }, faults: [] });
  });

  it('that is plain JSON is one', async t => {
    const { entries, faults } = await read(t, JSON.stringify({ port: 1, hosts: ['a'] }, undefined, 2));
    assert.deepEqual([Object.keys(entries), faults], [['port', 'hosts'], []]);
  });

  it('says of each fault on its own line what it is, and still reads what is right', async t => {
    const text = [
      '{',
      '  "port" 80,',
      "  'host': 1,",
      '  "threads": 1.,',
      '  "store": "atelier,',
      '  "tlsPort": 3,',
      '  "tlsPort": 4,',
      '  "hosts": ["a" "b"],',
      '  logLevel: "info",',
      '  "tls": ,',
      '  "data": "C:\\new\\x"',
    ].join('\n');
    const { entries, faults } = await read(t, text);
    assert.deepEqual(faults, [
      '2:10 here a colon must come, between the name and its value',
      '3:3 this is neither a number nor in double quotes',
      '4:14 this number is cut short',
      '5:12 the closing double quote is missing on this line',
      '6:3 a comma is missing before this',
      '7:3 tlsPort is here again, and is on line 6 already: take one of them away',
      '8:17 a comma is missing before this',
      '9:3 this is neither a number nor in double quotes',
      '10:10 here a value must come: a number, a text in double quotes, or a list',
      '11:11 this text has a backslash before a letter that takes none; write \\\\ for one',
    ]);
    assert.deepEqual(entries.tlsPort, [3, '6:14']);
  });

  it('must hold one pair of braces and nothing else', async t => {
    const none = 'the file must hold one pair of { }, with the settings in it';
    for (const text of ['[1]', '7', '"a"']) assert.deepEqual((await read(t, text)).faults, [`1:1 ${none}`]);
    assert.deepEqual((await read(t, '')).faults, [
      '1:1 here a value must come: a number, a text in double quotes, or a list',
    ]);
    assert.deepEqual((await read(t, '{')).faults, ['1:2 the closing } is missing']);
    assert.deepEqual((await read(t, '{}\n{}')).faults, [
      '2:1 here the file must end: one pair of { } holds all settings',
    ]);
  });

  it('never has in a fault what is written there, and never throws, whatever that is', async t => {
    const path = join(await temporaryFolder(t), 'settings.jsonc');
    const secret = 'hunter2hunter2';
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (before, after) => {
        await writeFile(path, `{"a": ${before} ${secret} ${after}`);
        for (const { text } of readSettingsFile(path).faults) assert.ok(!text.includes(secret), text);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the nearest name', () => {
  const names = ['port', 'host', 'hosts', 'tlsPort', 'maxPicturePixels', 'updatesRoot'];
  it('is the one that was meant', () => {
    const meant: Record<string, string> = {
      prot: 'port',
      Host: 'host',
      TLS_PORT: 'tlsPort',
      LOOKDIAL_HOSTS: 'hosts',
      'max-picture-pixel': 'maxPicturePixels',
      updateroot: 'updatesRoot',
    };
    for (const [written, name] of Object.entries(meant)) assert.equal(nearestName(written, names), name, written);
    assert.ok(names.includes(nearestName('', names)) && names.includes(nearestName('z'.repeat(1e5), names)));
  });
});
