import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { Access } from '../../device/access/access.ts';
import type { Entry } from '../../device/access/audit.ts';
import { LOCALLY, testAccess } from '../support/access.ts';
import { afterwards } from '../support/afterwards.ts';
import { temporaryFolder } from '../support/store.ts';

const ACCESS = resolve(import.meta.dirname, '../../device/access/access.ts');
const stock = (subject: string): Entry => ({
  who: { kind: 'key', id: '00aa', name: 'Till', scope: 'inventory' },
  address: '192.0.2.7',
  what: 'PATCH /api/v1/items/:sku/stock',
  subject,
  keptLong: false,
});

describe('the audit', () => {
  it('says who changed what, when, and how it ended, the latest first', t => {
    const { access, clock } = testAccess(t);
    const { key } = access.createKey('Till', 'inventory', LOCALLY);
    clock.pass(1000);
    const line = access.audit.begin(stock('g001'));
    assert.equal(access.audit.page(1)[0]?.outcome, null, 'it is in the book before it is done');
    access.audit.end(line, 200);
    const [latest, first] = access.audit.page(10);
    assert.deepEqual(
      [latest?.at, latest?.who, latest?.whoId, latest?.whoName, latest?.address, latest?.subject, latest?.outcome],
      [clock.wall(), 'key', '00aa', 'Till', '192.0.2.7', 'g001', 200],
    );
    assert.deepEqual(
      [first?.who, first?.whoId, first?.address, first?.what, first?.outcome],
      ['local', null, null, 'keys create', 201],
    );
    assert.equal(first?.subject, `${key.id} “Till”, inventory`);
  });

  it('is read page by page', t => {
    const { access } = testAccess(t);
    for (let at = 0; at < 7; at++) access.audit.begin(stock(`g00${at}`));
    const first = access.audit.page(3);
    const second = access.audit.page(3, first.at(-1)?.id);
    assert.deepEqual(
      [...first, ...second].map(({ subject }) => subject),
      ['g006', 'g005', 'g004', 'g003', 'g002', 'g001'],
    );
  });

  it('is bounded, the oldest gone first, and stock drives out no line about keys', t => {
    const { access } = testAccess(t, { kept: { stock: 20, access: 5 } });
    access.createKey('Till', 'inventory', LOCALLY);
    for (let at = 0; at < 1200; at++) access.audit.begin(stock(`g${at}`));
    const lines = access.audit.page(2000);
    assert.ok(lines.length <= 20 + 500 + 1, `${lines.length} lines`);
    assert.equal(lines[0]?.subject, 'g1199');
    assert.equal(lines.at(-1)?.what, 'keys create');
    for (let at = 0; at < 600; at++) access.audit.begin({ ...stock('x'), keptLong: true });
    assert.ok(access.audit.page(2000).filter(({ subject }) => subject === 'x').length <= 5 + 500);
  });

  it('keeps no long text whole', t => {
    const { access } = testAccess(t);
    access.audit.begin(stock('x'.repeat(5000)));
    assert.equal(access.audit.page(1)[0]?.subject?.length, 200);
  });

  it('has what was begun before the process was killed', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    const program = `
      const { Access } = await import(${JSON.stringify(ACCESS)});
      const access = Access.open(${JSON.stringify(path)});
      const line = access.audit.begin({ who: { kind: 'staff' }, address: '127.0.0.1', what: 'first', subject: null, keptLong: true });
      access.audit.end(line, 200);
      access.audit.begin({ who: { kind: 'staff' }, address: '127.0.0.1', what: 'second', subject: null, keptLong: true });
      process.kill(process.pid, 'SIGKILL');`;
    const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    assert.equal(signal, 'SIGKILL', stderr);
    const access = Access.open(path);
    afterwards(t, () => access.close());
    assert.deepEqual(
      access.audit.page(10).map(({ what, outcome }) => [what, outcome]),
      [
        ['second', null],
        ['first', 200],
      ],
    );
  });
});
