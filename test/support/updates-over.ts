/** The updates of a box whose nets are a reference, over a store that is served. */
import { join } from 'node:path';
import type { Bundle } from '../../device/inference/bundle.ts';
import type { Inference } from '../../device/inference/inference.ts';
import { Installer, type InstallerOptions } from '../../device/updates/installer.ts';
import type { Source } from '../../device/updates/source.ts';
import type { UpdateDatabase } from '../../device/updates/update-database.ts';
import { Updater, type UpdaterOptions } from '../../device/updates/updater.ts';
import { Updates, type UpdatesOptions } from '../../device/updates/updates.ts';
import { ALWAYS } from '../../device/updates/window.ts';
import { QUICK_RETRIES, TEST_BOX } from './update-box.ts';

type Parts = Pick<UpdatesOptions, 'progress' | 'catalogue' | 'events' | 'log' | 'data'> &
  Pick<InstallerOptions, 'store' | 'editions'> &
  Pick<UpdaterOptions, 'root' | 'clock'> & {
    readonly database: UpdateDatabase;
    readonly source: Source;
    /** The bundle of the settings. */
    readonly settings: Bundle;
    readonly start: (bundle: Bundle) => Promise<Inference>;
  };

/** They are looked for when they are asked for alone, and gone over to at any hour, unless said otherwise. */
export function updatesOver(parts: Parts, options: Partial<UpdatesOptions> = {}): Updates {
  const { database, source, root, clock, store, editions, start, settings, ...told } = parts;
  const none = { providers: [], threads: 1, ortModule: '', rungTimeoutMs: 1_000 };
  const folder = join(told.data, 'updates');
  return new Updates({
    ...told,
    updater: new Updater({
      folder,
      database,
      source,
      root,
      box: { ...TEST_BOX, line: settings.manifest.id },
      retries: QUICK_RETRIES,
      ...(clock && { clock }),
    }),
    installer: new Installer({ store, editions, inference: none, start }),
    settings: { folder: settings.folder, id: settings.manifest.id },
    source: source.name,
    everyMs: 3_600_000,
    window: ALWAYS,
    probation: { lastsMs: 3_600_000, everyMs: 3_600_000 },
    ...options,
  });
}
