/** Reading a bundle's members: inside its folder, of the length and digest that the manifest gives, or not at all. */
import { createHash } from 'node:crypto';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { LookdialError } from '../errors.ts';
import type { ModelFile } from './manifest.ts';

/** What is checked of a member. */
export type Member = Pick<ModelFile, 'path' | 'sha256' | 'bytes'>;

export const bundleInvalid = (path: string, message: string, cause?: unknown): LookdialError =>
  new LookdialError('bundle-invalid', `${path}: ${message}`, cause === undefined ? {} : { cause });

/** The real path of `path` in `folder`; links may not lead out of the folder. */
export async function confine(folder: string, path: string): Promise<string> {
  const shown = join(folder, path);
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(shown)]);
    if (real.startsWith(root + sep)) return real;
    throw bundleInvalid(shown, `it leads to ${real}, expected a file inside the bundle’s folder ${root}.`);
  } catch (cause) {
    if (cause instanceof LookdialError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw bundleInvalid(
      shown,
      missing ? 'the file is missing.' : `it cannot be read: ${(cause as Error).message}`,
      cause,
    );
  }
}

/**
 * A member's bytes. The length is checked before a byte is read, so a wrong file of any size costs nothing.
 * @throws LookdialError `bundle-invalid`: one sentence with what was got and what was expected.
 */
export async function readMember(folder: string, member: Member): Promise<Buffer<ArrayBuffer>> {
  const shown = join(folder, member.path);
  const file = await open(await confine(folder, member.path));
  try {
    const status = await file.stat();
    if (!status.isFile()) throw bundleInvalid(shown, 'it is not a plain file.');
    if (status.size !== member.bytes) {
      throw bundleInvalid(shown, `it holds ${status.size} bytes, expected ${member.bytes} (files.bytes).`);
    }
    const bytes = Buffer.alloc(member.bytes);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled);
      if (bytesRead === 0) throw bundleInvalid(shown, `it ended after ${filled} bytes, expected ${member.bytes}.`);
      filled += bytesRead;
    }
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== member.sha256) {
      throw bundleInvalid(shown, `its SHA-256 is ${digest}, expected ${member.sha256} (files.sha256).`);
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** A member as the raw little-endian float32 numbers it holds. */
export async function readTensor(folder: string, member: Member): Promise<Float32Array<ArrayBuffer>> {
  const bytes = await readMember(folder, member);
  const values = new Float32Array(bytes.length / 4);
  for (let i = 0; i < values.length; i += 1) values[i] = bytes.readFloatLE(4 * i);
  return values;
}
