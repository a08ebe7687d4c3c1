/**
 * The map of the store that is served: read from beside the index where it is that index's own, else made in a thread of its own
 * and put there. Nobody waits for it: until it is there, there is none, or the one before, as long as the encoder is the same.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LookdialError } from '../errors.ts';
import type { EventHub } from '../events.ts';
import { replaceDurably } from '../inventory/durable.ts';
import { MapError } from '../matching/errors.ts';
import { readMap, writeMap } from '../matching/map/map-file.ts';
import type { StoreMap } from '../matching/map/store-map.ts';
import { oneJob } from '../one-job-thread.ts';
import type { Edition } from './edition.ts';

/** In the state folder, beside the index. */
export const MAP_FILE = 'store.map';

/** What a map is made of: the index, and the map there was before. */
export interface MapJob {
  readonly bytes: Uint8Array;
  readonly encoderDigest: string;
  readonly latentDim: number;
  readonly indexDigest: string;
  readonly previous: Uint8Array | undefined;
}

/** What a map needs of an edition. */
export type Mapped = Pick<Edition, 'index' | 'indexBytes' | 'indexDigest'>;

export interface StoreMapsOptions {
  /** The state folder. */
  readonly data: string;
  /** Whose edition is mapped. */
  readonly editions: { readonly edition: Mapped | undefined };
  readonly events: Pick<EventHub, 'listen'>;
  readonly log: { info(text: string): void; warn(text: string): void };
  /** How long after an edition is served its map is begun, milliseconds: whoever comes first has the processor. */
  readonly waitMs?: number;
}

const WAIT_MS = 1_500;

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class StoreMaps {
  readonly #options: StoreMapsOptions;
  readonly #path: string;
  readonly #closing = new AbortController();
  #map: StoreMap | undefined;
  #read = false;
  #working: Promise<void> | undefined;
  /** Of an index whose map could not be made: it is not tried over and over. */
  #failed: string | undefined;
  #deafen: (() => void) | undefined;

  constructor(options: StoreMapsOptions) {
    this.#options = options;
    this.#path = join(options.data, MAP_FILE);
  }

  /** Looks after the map from now on. */
  start(): void {
    this.#deafen = this.#options.events.listen(({ type }) => {
      if (type === 'edition') this.#follow();
    });
    this.#follow();
  }

  /** The map for an edition, which may be that of the index before; undefined while there is none of its encoder. */
  of({ index }: Mapped): StoreMap | undefined {
    return this.#map?.encoderDigest === index.encoderDigest ? this.#map : undefined;
  }

  /** Resolves when the edition that is served has its map, or cannot have one. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Ends what is under way: it is begun anew at the next start. */
  async close(): Promise<void> {
    this.#deafen?.();
    this.#closing.abort(new LookdialError('not-ready', 'The box is being stopped.'));
    await this.settled();
  }

  #follow(): void {
    if (this.#closing.signal.aborted) return;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Until the edition that is served has its map: another may have come while one was made. */
  async #work(): Promise<void> {
    if (!this.#read) this.#map = await this.#stored();
    this.#read = true;
    for (;;) {
      const edition = this.#options.editions.edition;
      if (edition === undefined || this.#closing.signal.aborted) return;
      if ([this.#map?.indexDigest, this.#failed].includes(edition.indexDigest)) return;
      await this.#makeFor(edition);
    }
  }

  async #makeFor(edition: Mapped): Promise<void> {
    const { waitMs = WAIT_MS, log } = this.#options;
    const { signal } = this.#closing;
    try {
      await delay(waitMs, undefined, { signal });
      const bytes = await make(jobOf(edition, this.#map), signal);
      const map = readMap(bytes);
      // It is shown whether or not the disk takes it: then it is made again at the next start.
      this.#map = map;
      await replaceDurably(this.#path, bytes);
      log.info(`The map of the store is made: ${map.skus.length} garments, ${map.places.length} places.`);
    } catch (error) {
      if (signal.aborted) return;
      if (this.#map?.indexDigest !== edition.indexDigest) this.#failed = edition.indexDigest;
      log.warn(`The map of the store was not made and kept: ${sentence(error)}`);
    }
  }

  /** What stands on the disk; undefined where that is no map. */
  async #stored(): Promise<StoreMap | undefined> {
    try {
      return readMap(await readFile(this.#path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      const why = error instanceof MapError ? error.message : `${this.#path} cannot be read: ${sentence(error)}.`;
      this.#options.log.warn(`${why} It is made anew.`);
      return undefined;
    }
  }
}

function jobOf({ indexBytes: bytes, index, indexDigest }: Mapped, map: StoreMap | undefined): MapJob {
  const { encoderDigest, latentDim } = index;
  return { bytes, encoderDigest, latentDim, indexDigest, previous: map && writeMap(map) };
}

/** @throws the signal's reason; LookdialError `internal` where the thread ends without a map */
const make = (job: MapJob, signal: AbortSignal): Promise<Uint8Array> =>
  oneJob(new URL('./map-worker.ts', import.meta.url), job, 'the map', signal);
