import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { openPassphrases, type Passphrases } from '../../../scripts/bundle/passphrases.ts';
import { afterwards } from '../../support/afterwards.ts';
import { temporaryFolder } from '../../support/store.ts';

interface Terminal {
  readonly passphrases: Passphrases;
  /** What stands on the screen. */
  shown: string;
  type(text: string): void;
}

function console(t: TestContext, { isTTY, files = [] }: { isTTY: boolean; files?: string[] }): Terminal {
  const input = Object.assign(new PassThrough(), { isTTY });
  const terminal: Terminal = {
    shown: '',
    passphrases: openPassphrases(files, { input, output: { write: text => (terminal.shown += text) } }),
    type: text => input.write(text),
  };
  afterwards(t, () => terminal.passphrases.close());
  return terminal;
}

/** Types once the question is there. */
async function answer(terminal: Terminal, question: string, text: string): Promise<void> {
  while (!terminal.shown.endsWith(question)) await after(1);
  terminal.type(text);
}

async function secret(t: TestContext, name: string, text: string): Promise<string> {
  const path = join(await temporaryFolder(t), name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

describe('a passphrase', () => {
  it('is asked for at a terminal by the key’s name, and is not shown', async t => {
    const terminal = console(t, { isTTY: true });
    const told = terminal.passphrases.of('root-anna');
    await answer(terminal, 'Passphrase of root-anna: ', 'four words and a half\r');
    assert.equal(await told, 'four words and a half');
    const next = terminal.passphrases.of('root-ben');
    await answer(terminal, 'Passphrase of root-ben: ', 'anothér one quite long\r');
    assert.equal(await next, 'anothér one quite long'.normalize('NFC'));
    assert.equal(terminal.shown, 'Passphrase of root-anna: \nPassphrase of root-ben: \n');
  });

  it('of a new key is typed twice, and the same both times', async t => {
    const terminal = console(t, { isTTY: true });
    const made = terminal.passphrases.forNew('targets');
    await answer(terminal, 'Passphrase of targets: ', 'four words and a half\r');
    await answer(terminal, 'Once more: ', 'four words and a half\r');
    assert.equal(await made, 'four words and a half');
    const other = terminal.passphrases.forNew('snapshot');
    await answer(terminal, 'Passphrase of snapshot: ', 'four words and a half\r');
    await answer(terminal, 'Once more: ', 'five words and a half\r');
    await assert.rejects(other, /two different passphrases\. No key was made/);
    const short = terminal.passphrases.forNew('timestamp');
    await answer(terminal, 'Passphrase of timestamp: ', 'short\r');
    await assert.rejects(short, /timestamp has 5 characters/);
  });

  it('is not asked for any longer once somebody stops', async t => {
    const terminal = console(t, { isTTY: true });
    const told = terminal.passphrases.of('root-anna');
    await answer(terminal, 'Passphrase of root-anna: ', 'half a wo\u0003');
    await assert.rejects(told, /Stopped\. Nothing was signed/);
  });

  it('comes line by line where there is no terminal, and runs out by name', async t => {
    const machine = console(t, { isTTY: false });
    machine.type('the first of the two\r\nthe second of the two\n\n');
    assert.equal(await machine.passphrases.forNew('one'), 'the first of the two');
    assert.equal(await machine.passphrases.of('two'), 'the second of the two');
    await assert.rejects(machine.passphrases.of('three'), /No passphrase came for three\. Give one line for each key/);
    assert.equal(machine.shown, '');
  });

  it('comes from a file of its owner’s alone: one for all keys, or one for each', async t => {
    const [all, own] = [
      await secret(t, 'all', 'for all of them\nno more\n'),
      await secret(t, 'own', 'for one of them'),
    ];
    const machine = console(t, { isTTY: false, files: [all, `timestamp=${own}`] });
    assert.equal(await machine.passphrases.of('snapshot'), 'for all of them');
    assert.equal(await machine.passphrases.of('timestamp'), 'for one of them');
    await chmod(own, 0o644);
    await assert.rejects(
      machine.passphrases.of('timestamp'),
      /own: others on this machine may open the file .*chmod 600/,
    );
    await writeFile(all, '\nthe second line');
    await assert.rejects(machine.passphrases.of('snapshot'), /all: its first line is empty/);
    assert.throws(() => console(t, { isTTY: false, files: [all, own] }), /say for which key: NAME=/);
  });
});
