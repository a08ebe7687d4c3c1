/** What the attacks on an update begin with, and what must not be left of them. */
import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nextParts, PARTS, reasonOf, UpdateBox } from './update-box.ts';
import { sha256 } from './update-repository.ts';

export const DAY_MS = 24 * 3_600_000;
/** One of the members, whose bytes the attacker sends. */
export const MEMBER = `blobs/sha256/${sha256(PARTS.members.get('encoder.onnx') as Uint8Array)}`;

/** A box that has a release verified, and another since. */
export async function upToDate(
  t: Parameters<typeof UpdateBox.make>[0],
): Promise<{ box: UpdateBox; older: Map<string, Buffer> }> {
  const box = await UpdateBox.make(t);
  box.publish(1);
  const older = box.repository.snapshotOfFiles();
  box.publish(2, { parts: nextParts('1.3.0') });
  assert.equal(reasonOf(await box.check()), 'verified');
  return { box, older };
}

/** No byte of the attacker's is anywhere in the box's folder: no blob, no part, no edition. */
export async function nothingKept(box: UpdateBox): Promise<void> {
  for (const name of await readdir(box.folder, { recursive: true })) {
    assert.ok(!/editions\/./.test(name), name);
    if (name.includes(MEMBER.slice(-64))) assert.equal((await stat(join(box.folder, name))).size, 0, name);
  }
}
