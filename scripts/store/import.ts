/** `npm run store -- import CATALOGUE PICTURES`: merges a retailer's file and pictures into the state folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environmentName, readConfig } from '../../device/config.ts';
import { servedBundle } from '../../device/edition/served-bundle.ts';
import { LookdialError } from '../../device/errors.ts';
import { startInference } from '../../device/inference/inference.ts';
import { CATALOGUE_DATABASE } from '../../device/inventory/catalogue.ts';
import { readMapping } from '../../device/inventory/column-mapping.ts';
import type { Delimiter } from '../../device/inventory/csv.ts';
import { INDEX_FILE } from '../../device/inventory/encodings.ts';
import { type ImportReport, type ImportSource, rehearseImport } from '../../device/inventory/import-read.ts';
import { importStore } from '../../device/inventory/import-store.ts';
import { ENCODINGS } from '../../device/inventory/text-encoding.ts';
import type { CommandContext } from './atelier/commands.ts';
import { importSummary } from './import-report.ts';
import type { StoreConfig } from './prepare.ts';
import { shownPath } from './prepare.ts';
import { Progress, type Terminal } from './progress.ts';

const DELIMITERS: readonly Delimiter[] = [',', ';'];

/** One of a few words, or undefined where the option is left out. */
function chosen<T extends string>(
  options: CommandContext['options'],
  name: string,
  words: readonly T[],
): T | undefined {
  const text = options[name];
  const word = words.find(one => one === text?.toLowerCase());
  if (word !== undefined || text === undefined) return word;
  throw new LookdialError('config-invalid', `--${name} ${text}: it must be one of ${words.join(' or ')}.`, {
    field: name,
  });
}

interface Run {
  readonly config: StoreConfig;
  readonly terminal: Terminal;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Imports with a bar. @param source all but what the settings say */
async function merge(
  { config, terminal, print, signal }: Run,
  source: Omit<ImportSource, 'data' | 'maxPictureBytes'>,
  name: string | undefined,
): Promise<ImportReport> {
  const { data, maxPicturePixels, maxPictureBytes, providers, threads, ortModule, rungTimeoutMs } = config;
  const served = await servedBundle(config);
  const { bundle } = served;
  print(`Loading the model ${bundle.name} from ${shownPath(bundle.folder)}.`);
  const inference = await startInference(bundle, { providers, threads, ortModule, rungTimeoutMs, signal });
  const progress = new Progress({ terminal, label: 'Importing', unit: 'garments' });
  try {
    const onProgress = (done: number, total: number): void => progress.update(done, total);
    const limits = { maxPicturePixels, maxPictureBytes };
    return await importStore({ ...source, data, ...served, inference, ...limits, name, onProgress, signal });
  } finally {
    progress.end();
    await inference.close();
  }
}

async function rehearse(
  { config, terminal, signal }: Run,
  source: Omit<ImportSource, 'data' | 'maxPictureBytes'>,
): Promise<ImportReport> {
  const { data, maxPictureBytes } = config;
  const progress = new Progress({ terminal, label: 'Reading', unit: 'garments' });
  try {
    const onProgress = (done: number, total: number): void => progress.update(done, total);
    const there = existsSync(join(data, CATALOGUE_DATABASE));
    return await rehearseImport({ ...source, data, maxPictureBytes, onProgress, signal }, there);
  } finally {
    progress.end();
  }
}

/** `import CATALOGUE PICTURES`. */
export async function importCommand(context: CommandContext): Promise<void> {
  const { options, operands = [], terminal, print, signal } = context;
  const [catalogue = '', pictures = ''] = operands;
  const given = (['data', 'bundle'] as const).flatMap(name =>
    options[name] === undefined ? [] : [[environmentName(name), options[name]]],
  );
  const config = readConfig({ ...process.env, ...Object.fromEntries(given) });
  const run = { config, terminal, print, signal };
  const source = {
    catalogue,
    pictures,
    encoding: chosen(options, 'encoding', ENCODINGS),
    delimiter: chosen(options, 'delimiter', DELIMITERS),
    mapping: options.mapping === undefined ? undefined : await readMapping(options.mapping),
    removeMissing: options['remove-missing'] !== undefined,
  };
  for (const [path, what] of [
    [catalogue, 'file'],
    [pictures, 'folder'],
  ] as const) {
    if (!existsSync(path)) throw new LookdialError('store-invalid', `There is no ${what} ${path}.`);
  }
  const dryRun = options['dry-run'] !== undefined;
  const began = performance.now();
  const report = dryRun ? await rehearse(run, source) : await merge(run, source, options.name);
  const facts = { catalogue: shownPath(catalogue), index: shownPath(join(config.data, INDEX_FILE)), dryRun };
  for (const line of importSummary(report, { ...facts, milliseconds: performance.now() - began })) print(line);
  if (dryRun) return;
  print('\nA kiosk that is running shows it within seconds.');
}

/** Makes the index of an imported store anew, from the pictures that were kept: the model is another one. */
export async function refreshImported(run: Run): Promise<void> {
  run.print('The index is made anew from the pictures that were imported.');
  await merge(run, { pictures: run.config.data }, undefined);
}
