import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { kernelBytes } from '../../device/search/kernel-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lookdial-kernel-'));
const built = join(folder, 'built');
const write = (text: string): void => writeFileSync(join(folder, 'index.ts'), text);
after(() => rmSync(folder, { recursive: true, force: true }));

const exportsOf = (bytes: Uint8Array): Record<string, unknown> => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
};

it('a kernel is compiled once for each state of its source, and the one before is cleared away', async () => {
  write('export function answer(): i32 { return 1; }');
  const first = await kernelBytes(folder, built);
  const [name] = readdirSync(built);
  assert.match(name ?? '', /^kernel-[0-9a-f]{16}\.wasm$/);
  const { mtimeMs } = statSync(join(built, name ?? ''));
  assert.deepEqual(new Uint8Array(await kernelBytes(folder, built)), new Uint8Array(first));
  assert.equal(statSync(join(built, name ?? '')).mtimeMs, mtimeMs);
  write('export function answer(): i32 { return 2; }');
  const { answer } = exportsOf(await kernelBytes(folder, built));
  assert.ok(typeof answer === 'function');
  assert.equal(answer(), 2);
  const names = readdirSync(built);
  assert.ok(names.length === 1 && names[0] !== name);
});

it('a built kernel that is cut short or empty is built again', async () => {
  write('export function answer(): i32 { return 3; }');
  const whole = await kernelBytes(folder, built);
  const path = join(built, readdirSync(built)[0] ?? '');
  for (const damaged of [
    Buffer.alloc(0),
    Buffer.from(whole).subarray(0, whole.length - 3),
    Buffer.alloc(whole.length),
  ]) {
    writeFileSync(path, damaged);
    assert.deepEqual(new Uint8Array(await kernelBytes(folder, built)), new Uint8Array(whole));
    assert.deepEqual(readdirSync(built), [path.slice(built.length + 1)]);
  }
});

it('a kernel that does not compile is refused with the compiler’s words', async () => {
  write('export function answer(): i32 { return nothing; }');
  await assert.rejects(kernelBytes(folder, built), { code: 'internal', message: /does not compile.*nothing/s });
});
