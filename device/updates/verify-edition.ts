/** The last check before a release may be tried: its files against each other, and against what was signed of them. */
import { readFile } from 'node:fs/promises';
import { type Bundle, openBundle } from '../inference/bundle.ts';
import { IndexError } from '../matching/errors.ts';
import { EncodingIndex } from '../matching/index-file.ts';
import { UpdateRefused } from './refusals.ts';
import type { Release } from './release.ts';

/** What the bundle's own manifest says against the release; the first, as one sentence's end. */
function* disagreements({ manifest, encoderDigest }: Bundle, release: Release): Generator<string> {
  const fields = { id: manifest.id, version: manifest.version, latentDim: manifest.latentDim, encoderDigest };
  for (const [name, value] of Object.entries(fields)) {
    const signed = release[name as keyof typeof fields];
    if (value !== signed) yield `its manifest has ${name} ${value}, and ${signed} is signed`;
  }
  const listed = new Map(manifest.files.map(file => [file.path, file]));
  for (const { path, sha256, bytes } of release.members) {
    if (path === 'manifest.json') continue;
    const file = listed.get(path);
    if (file === undefined) yield `${path} is signed as a member, and its manifest does not list it`;
    else if (file.sha256 !== sha256 || file.bytes !== bytes) yield `its manifest lists another ${path} than was signed`;
    listed.delete(path);
  }
  for (const path of listed.keys()) yield `its manifest lists ${path}, and no such member is signed`;
}

/**
 * Opens the bundle of a release.
 * @param folder of its edition
 * @param index the file of its ready index, where it has one
 * @throws UpdateRefused `members-disagree`; `write-failed` where the disk does not give a file back
 */
export async function verifyEdition(folder: string, release: Release, index?: string): Promise<Bundle> {
  const refuse = (detail: string, cause?: unknown): UpdateRefused =>
    new UpdateRefused(
      'members-disagree',
      `Release ${release.release}: ${detail.replace(/\.$/, '')}. Publish it anew, under a higher number.`,
      { cause },
    );
  let bundle: Bundle;
  try {
    bundle = await openBundle(folder);
  } catch (cause) {
    const { code } = ((cause as Error).cause ?? {}) as NodeJS.ErrnoException;
    // The disk's fault is not the release's.
    if (code !== undefined && code !== 'ENOENT')
      throw new UpdateRefused('write-failed', (cause as Error).message, { cause });
    throw refuse((cause as Error).message, cause);
  }
  for (const detail of disagreements(bundle, release)) throw refuse(detail);
  if (index === undefined) return bundle;
  try {
    EncodingIndex.open(await readFile(index), release);
  } catch (cause) {
    if (cause instanceof IndexError) throw refuse(`its ready index is not of its encoder: ${cause.message}`, cause);
    throw new UpdateRefused('write-failed', `${index} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return bundle;
}
