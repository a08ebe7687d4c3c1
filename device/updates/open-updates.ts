/** The updates of a box, put together from its settings. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { UPDATES_FOLDER } from '../edition/served-bundle.ts';
import { isDatabaseDamaged, LookdialError } from '../errors.ts';
import { describeBox } from './box.ts';
import { sourceAt } from './source.ts';
import { UPDATE_DATABASE, UpdateDatabase } from './update-database.ts';
import { Updater } from './updater.ts';
import { Updates, type UpdatesOptions } from './updates.ts';
import { ALWAYS, parseWindow } from './window.ts';

type UpdateConfig = Pick<
  Config,
  | 'data'
  | 'bundle'
  | 'updates'
  | 'updatesRoot'
  | 'updatesEveryMinutes'
  | 'updatesWindow'
  | 'updatesProbationMinutes'
  | 'ortModule'
>;

/** How often a model in its probation is looked at, milliseconds. */
const LOOK_MS = 10_000;
const MINUTE_MS = 60_000;

/**
 * What is remembered of updates, for a start to know; undefined on a box that takes none and never did.
 * @throws LookdialError `config-invalid` where updates are to be taken and the settings do not say how; `updates-invalid`
 */
export function openUpdateDatabase({
  data,
  updates,
  updatesRoot,
}: Pick<Config, 'data' | 'updates' | 'updatesRoot'>): UpdateDatabase | undefined {
  if (updates !== '') {
    sourceAt(updates).close();
    if (updatesRoot === '') {
      throw new LookdialError(
        'config-invalid',
        'updates is set, and updatesRoot is not: it is the file of the repository’s first root.json, which says whose updates are taken.',
        { field: 'updatesRoot' },
      );
    }
  }
  const path = join(data, UPDATE_DATABASE);
  return updates !== '' || existsSync(path) ? new UpdateDatabase(path) : undefined;
}

export interface Remembered {
  /** Undefined on a box that takes no updates and never did, and where the file is damaged. */
  readonly database?: UpdateDatabase | undefined;
  /** What is wrong with the file, and what to do. */
  readonly fault?: string | undefined;
}

/**
 * The same, looked through page by page. A shopper needs no updates: where their file is damaged the box serves the model that it
 * has, takes none, and says so until somebody has moved the file away.
 * @throws LookdialError likewise, for all but damage
 */
export function rememberUpdates(config: Parameters<typeof openUpdateDatabase>[0]): Remembered {
  let database: UpdateDatabase | undefined;
  try {
    database = openUpdateDatabase(config);
    database?.check();
    return { database };
  } catch (error) {
    database?.close();
    if (!isDatabaseDamaged(error)) throw error;
    const path = join(config.data, UPDATE_DATABASE);
    const fault = `The file of updates ${path} is damaged: the box serves the model that it has, and takes no updates. Stop the daemon, move the file away with those beside it (-wal, -shm), and start it again: the box then takes up its repository anew, and forgets which releases were bad here.`;
    return { fault };
  }
}

/** @param rest what of the house it works on */
export async function openUpdates(
  config: UpdateConfig,
  database: UpdateDatabase,
  rest: Omit<UpdatesOptions, 'updater' | 'progress' | 'data' | 'source' | 'everyMs' | 'window' | 'probation'>,
): Promise<Updates> {
  const { data, updates, updatesRoot, updatesEveryMinutes, updatesWindow, updatesProbationMinutes, ortModule } = config;
  const source = sourceAt(updates);
  const updater = new Updater({
    folder: join(data, UPDATES_FOLDER),
    database,
    source,
    root: resolve(updatesRoot),
    box: await describeBox(rest.settings.id, ortModule),
    seeds: [config.bundle],
    onNotice: text => rest.log.info(text),
  });
  return new Updates({
    ...rest,
    updater,
    progress: updater.progress,
    data,
    source: source.name,
    everyMs: MINUTE_MS * updatesEveryMinutes,
    window: parseWindow(updatesWindow) ?? ALWAYS,
    probation: { lastsMs: MINUTE_MS * updatesProbationMinutes, everyMs: LOOK_MS },
  });
}
