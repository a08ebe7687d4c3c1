#!/usr/bin/env node
/**
 * The box's own metadata and fetch code behind the command line that tuf-conformance asks of a client under test:
 *
 *     tuf-client.ts --metadata-dir DIR init ROOT
 *     tuf-client.ts --metadata-dir DIR --metadata-url URL refresh
 *     tuf-client.ts --metadata-dir DIR --metadata-url URL --target-name NAME --target-base-url URL --target-dir DIR download
 *
 * The suite looks at the metadata in DIR; the box's own folder and its file of updates are in DIR/box. URL may be a folder, too.
 */
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TargetFile } from '@tufjs/models';
import { systemClock } from '../../device/access/clock.ts';
import { fetchFile, isOf } from '../../device/updates/fetch-file.ts';
import { KnownTime } from '../../device/updates/known-time.ts';
import { RepositoryMetadata } from '../../device/updates/metadata.ts';
import { USUAL_PACE } from '../../device/updates/paced.ts';
import { UpdateRefused } from '../../device/updates/refusals.ts';
import { USUAL_RETRIES } from '../../device/updates/retries.ts';
import { sourceAt } from '../../device/updates/source.ts';
import { TrustMemory } from '../../device/updates/trust-memory.ts';
import { UPDATE_DATABASE, UpdateDatabase } from '../../device/updates/update-database.ts';

const FIRST_ROOT = 'first-root.json';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'metadata-dir': { type: 'string' },
    'metadata-url': { type: 'string' },
    'target-name': { type: 'string', multiple: true },
    'target-base-url': { type: 'string' },
    'target-dir': { type: 'string' },
  },
});

const needed = (name: 'metadata-dir' | 'metadata-url' | 'target-base-url' | 'target-dir'): string => {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing.`);
  return value;
};

const folder = needed('metadata-dir');
const box = join(folder, 'box');

/** Shows the suite what is trusted. */
async function show(metadata: RepositoryMetadata): Promise<void> {
  const files = await metadata.trusted();
  for (const name of await readdir(folder)) {
    if (name.endsWith('.json') && !files.has(name) && files.size > 0) await rm(join(folder, name));
  }
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
}

/** `dir/<hash>.name`, each part as in a URL. */
function targetPath({ path, hashes }: TargetFile, consistent: boolean): string {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const [hash] = Object.values(hashes);
  return [...parts, consistent ? `${hash}.${name}` : name].map(encodeURIComponent).join('/');
}

async function download(target: TargetFile, metadata: RepositoryMetadata): Promise<void> {
  const kept = join(needed('target-dir'), encodeURIComponent(target.path));
  if (await isOf(kept, target.hashes).catch(() => false)) return;
  const root = JSON.parse(String((await metadata.trusted()).get('root.json')));
  const source = sourceAt(needed('target-base-url'));
  const wanted = {
    path: targetPath(target, root.signed.consistent_snapshot),
    length: target.length,
    hashes: target.hashes,
  };
  const part = join(box, 'target.part');
  await rm(part, { force: true });
  await fetchFile(source, wanted, part, { pace: USUAL_PACE, retries: USUAL_RETRIES, onNotice: console.error });
  await rename(part, kept);
  source.close();
}

async function refresh(targets: readonly string[]): Promise<void> {
  const database = new UpdateDatabase(join(box, UPDATE_DATABASE));
  const memory = new TrustMemory(database);
  const metadata = new RepositoryMetadata({
    folder: join(box, 'metadata'),
    root: join(box, FIRST_ROOT),
    memory,
    time: new KnownTime(memory, systemClock),
    pace: USUAL_PACE,
    retries: USUAL_RETRIES,
    prefix: '',
  });
  const source = sourceAt(needed('metadata-url'));
  try {
    const found = await metadata.refresh(source, targets);
    for (const [place, target] of found.targets.entries()) {
      if (target === undefined) throw new UpdateRefused('no-release', `There is no target ${targets[place]}.`);
      await download(target, metadata);
    }
  } finally {
    await show(metadata);
    source.close();
    database.close();
  }
}

async function init(root: string): Promise<void> {
  await mkdir(box, { recursive: true });
  await copyFile(root, join(box, FIRST_ROOT));
  await writeFile(join(folder, 'root.json'), await readFile(root));
}

try {
  const [command, root = ''] = positionals;
  if (command === 'init') await init(root);
  else if (command === 'refresh') await refresh([]);
  else if (command === 'download') await refresh(values['target-name'] ?? []);
  else throw new Error(`There is no command ${command}.`);
} catch (error) {
  console.error(error instanceof UpdateRefused ? `${error.reason}: ${error.message}` : error);
  process.exitCode = 1;
}
