import assert from 'node:assert/strict';
import { appendFile, open, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import { EncodingLogFile, type LogFs, readLogFile } from '../../device/inventory/encoding-log-file.ts';
import { encodeHeader, LOG_HEADER_BYTES, type LogRecord } from '../../device/matching/encoding-log.ts';
import { afterwards } from '../support/afterwards.ts';
import { temporaryFolder } from '../support/store.ts';

const expected = { encoderDigest: 'ab'.repeat(32), latentDim: 2 };
const put = (sku: string): LogRecord => ({
  kind: 'put',
  sku,
  pictureSha256: new Uint8Array(32).fill(1),
  mu: [1, 2],
  sigma: [0.5, 0.25],
});

/** A disk that may take half of what is appended and then fail, and may not take it back. */
class FailingDisk implements LogFs {
  fails: 'append' | 'sync' | undefined;
  cutFails = false;
  readonly rename = rename;
  readonly readFile = readFile;
  readonly stat = stat;

  async open(path: string, flags: string) {
    const handle = await open(path, flags);
    const full = (): never => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    return {
      writeFile: (bytes: Uint8Array) => handle.writeFile(bytes),
      appendFile: async (bytes: Uint8Array) => {
        const part = this.fails === 'append' ? bytes.subarray(0, bytes.length / 2) : bytes;
        await handle.appendFile(part);
        if (this.fails === 'append') full();
      },
      truncate: (length: number) => (this.cutFails ? full() : handle.truncate(length)),
      sync: async () => {
        if (this.fails === 'sync') full();
        await handle.sync();
      },
      stat: () => handle.stat(),
      close: () => handle.close(),
    };
  }
}

async function begin(t: TestContext): Promise<{ path: string; disk: FailingDisk; log: EncodingLogFile }> {
  const path = join(await temporaryFolder(t), 'encodings.log');
  const disk = new FailingDisk();
  const log = await EncodingLogFile.open(path, expected, disk);
  afterwards(t, () => log.close());
  return { path, disk, log };
}

const skusIn = async (path: string): Promise<string[]> =>
  (await readLogFile(path, expected)).records.map(({ sku, kind }) => (kind === 'put' ? sku : `-${sku}`));
const isFull = (error: unknown): boolean =>
  error instanceof LookdialError && error.code === 'write-failed' && /ENOSPC.*Free some space/.test(error.message);

test('records are read back in the order they were appended, several at once or alone', async t => {
  const { path, log } = await begin(t);
  await log.append([put('a'), put('b')]);
  await log.append([{ kind: 'delete', sku: 'a' }]);
  assert.deepEqual(await skusIn(path), ['a', 'b', '-a']);
  assert.equal(log.length, (await stat(path)).size);
});

for (const fails of ['append', 'sync'] as const) {
  for (const cutFails of [false, true]) {
    test(`a disk whose ${fails} fails${cutFails ? ', and that takes nothing back,' : ''} loses that record alone`, async t => {
      const { path, disk, log } = await begin(t);
      await log.append([put('a')]);
      Object.assign(disk, { fails, cutFails });
      await assert.rejects(log.append([put('b'), put('c')]), isFull);
      await assert.rejects(log.append([put('d')]), isFull);
      Object.assign(disk, { fails: undefined, cutFails: false });
      await log.append([put('e')]);
      assert.deepEqual(await skusIn(path), ['a', 'e']);
      assert.equal(log.length, (await stat(path)).size);
    });
  }
}

test('a torn tail is cut off when the log is opened, and nothing is appended behind it', async t => {
  const { path, log } = await begin(t);
  await log.append([put('a')]);
  const whole = log.length;
  await appendFile(path, (await readFile(path)).subarray(LOG_HEADER_BYTES, -3));
  assert.match((await readLogFile(path, expected)).notices[0] ?? '', /bytes of a record cut short/);
  const again = await EncodingLogFile.open(path, expected);
  afterwards(t, () => again.close());
  assert.equal((await stat(path)).size, whole);
  await again.append([put('b')]);
  assert.deepEqual(await skusIn(path), ['a', 'b']);
});

test('a log of another model, or a damaged one, is begun anew, and said to be', async t => {
  const { path } = await begin(t);
  await writeFile(path, encodeHeader({ ...expected, encoderDigest: 'cd'.repeat(32) }));
  const { notices, records } = await readLogFile(path, expected);
  assert.deepEqual(records, []);
  assert.match(notices[0] ?? '', /was made by encoder cdcd.*A new log is begun/);
  const log = await EncodingLogFile.open(path, expected);
  afterwards(t, () => log.close());
  await log.append([put('a')]);
  assert.deepEqual(await skusIn(path), ['a']);
});

test('a log that another process has replaced or written to is known to be another', async t => {
  const { path, log } = await begin(t);
  assert.equal(await log.isOurs(), true);
  await appendFile(path, 'x');
  assert.equal(await log.isOurs(), false);
  await truncate(path, log.length);
  assert.equal(await log.isOurs(), true);
  await writeFile(`${path}.new`, encodeHeader(expected));
  await rename(`${path}.new`, path);
  assert.equal(await log.isOurs(), false);
});

test('a log that is begun anew has what it is begun with, and goes on from there', async t => {
  const { path, log } = await begin(t);
  await log.append([put('a'), put('b')]);
  await log.replace([put('c')]);
  assert.equal(await log.isOurs(), true);
  await log.append([put('d')]);
  assert.deepEqual(await skusIn(path), ['c', 'd']);
});
