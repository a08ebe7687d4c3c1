/** Where what lies in an update repository (models/RELEASE.md), and in the folder where the next release waits. */
import { join } from 'node:path';
import { RELEASE_TARGET } from '../../device/updates/release.ts';
import type { Role } from './metadata.ts';

export const METADATA = 'metadata';
export const TARGETS = 'targets';
export const BLOBS = join('blobs', 'sha256');

/** `metadata/7.targets.json`; the timestamp alone has one name for all versions. */
export const metadataPath = (folder: string, role: Role, version: number): string =>
  join(folder, METADATA, role === 'timestamp' ? 'timestamp.json' : `${version}.${role}.json`);

export const releasePath = (folder: string, sha256: string): string =>
  join(folder, TARGETS, `${sha256}.${RELEASE_TARGET}`);

export const blobPath = (folder: string, sha256: string): string => join(folder, BLOBS, sha256);

/** Beside the repository, which is served to everybody. */
export const stagedBeside = (repository: string): string => `${repository.replace(/\/+$/, '')}.staged`;

export const STAGED = {
  /** The root in place, by which the staged one is judged; absent before the first. */
  trusted: 'trusted-root.json',
  root: 'root.json',
  targets: 'targets.json',
  release: RELEASE_TARGET,
} as const;
