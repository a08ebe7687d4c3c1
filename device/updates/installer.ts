/**
 * From a release that is whole on the disk to one that serves, and back: its nets are started and measured beside those that
 * serve, the store is encoded by it, one pointer moves, and for a time after that the box watches itself.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { mayGiveWay, setBackground } from '../background.ts';
import type { Edition } from '../edition/edition.ts';
import type { EditionHolder } from '../edition/holder.ts';
import type { LiveStore } from '../edition/live-store.ts';
import { LookdialError } from '../errors.ts';
import { type Bundle, openBundle } from '../inference/bundle.ts';
import { type Inference, type InferenceOptions, startInference } from '../inference/inference.ts';
import { residentBytes } from '../inference/resident.ts';
import type { Problem } from '../inventory/catalogue.ts';
import type { StoreModel } from '../inventory/store-record.ts';
import { type Vitals, watchProbation } from './probation.ts';
import {
  drawOwn,
  type GoldenInput,
  goldenInputs,
  holdLimits,
  holdSelfRecall,
  type Limits,
  measureNets,
  selfRecall,
  TrialFailed,
  type TrialFigures,
} from './trial.ts';

/** A model on the disk, to be gone over to. */
export interface Candidate {
  /** The bundle's folder. */
  readonly folder: string;
  /** What the catalogue is to say of it; undefined: it is the one of the settings. */
  readonly model: Pick<StoreModel, 'edition' | 'of'> | undefined;
  /** What is left is bad, and not to be gone back to. */
  readonly goesBack?: boolean;
  /** The file of an index that its encoder made elsewhere. */
  readonly index?: string | undefined;
}

export interface InstallerOptions {
  readonly store: LiveStore;
  readonly editions: EditionHolder;
  readonly inference: InferenceOptions;
  readonly start?: (bundle: Bundle, options: InferenceOptions) => Promise<Inference>;
}

export interface InstallTelling {
  /** Of the pictures that the model has to encode. */
  onEncoding?(done: number, total: number): void;
  /** Asked once the store is encoded, which may take the night and the morning; always where it is left out. */
  mayMove?(): boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Installed {
  /** Undefined where nothing was to be measured. */
  readonly figures: (TrialFigures & { readonly selfRecall: number }) | undefined;
  /** Pictures that the model does not take. */
  readonly failed: readonly Problem[];
}

/** Since a shopper last dialled, milliseconds, before pictures are encoded one after another. */
const QUIET_MS = 1_000;
/** The wait between two pictures while somebody dials: the nets are theirs four fifths of the time. */
const GIVE_WAY_MS = 60;

/** The store is encoded by it, it has passed its trial, and it is not to be gone over to at this hour. */
export class OutOfHours extends Error {
  constructor() {
    super('The hours for going over to it are over.');
    this.name = 'OutOfHours';
  }
}

/** Whether it is the release's fault and not the box's: it is not to be tried again. */
export const isReleasesFault = (error: unknown): boolean =>
  error instanceof TrialFailed ||
  (error instanceof LookdialError && ['bundle-invalid', 'inference-failed', 'index-invalid'].includes(error.code));

export class Installer {
  readonly #options: InstallerOptions;

  constructor(options: InstallerOptions) {
    this.#options = options;
  }

  /**
   * Tries a model and goes over to it.
   * @param limits undefined: it has served here before, and is not measured
   * @throws TrialFailed; OutOfHours; LookdialError; the signal's reason: then the store is served as it was, see `isReleasesFault`
   */
  async install(
    { folder, model, goesBack = false, index }: Candidate,
    limits: Limits | undefined,
    { onEncoding, mayMove, signal }: InstallTelling = {},
  ): Promise<Installed> {
    const { store, start = startInference } = this.#options;
    const bundle = await openBundle(folder);
    const pace = (): Promise<void> => this.#giveWay();
    const inference = await start(bundle, { ...this.#options.inference, givesWay: true, ...(signal && { signal }) });
    try {
      const figures = limits && (await measureNets(bundle, inference, { signal, pace }));
      if (figures && limits) holdLimits(figures, limits);
      // What it is measured by is done. Until it serves, whoever dials goes first.
      await setBehind(inference, true);
      let recall = 1;
      const check = async (edition: Edition, failures: readonly Problem[]): Promise<void> => {
        if (limits !== undefined) {
          // A picture that is gone, or is none, is no model's fault.
          const lost = failures.filter(({ fault }) => fault === 'inference-failed').length;
          recall = await selfRecall(edition, lost, signal);
          holdSelfRecall(recall, limits);
          await drawOwn(edition, inference, { signal, pace });
        }
        if (mayMove?.() === false) throw new OutOfHours();
      };
      const failed = await store.changeModel({
        bundle,
        inference,
        model: model && { ...model, encoderDigest: bundle.encoderDigest },
        goesBack,
        ready: index === undefined ? undefined : await readFile(index),
        check,
        aboutToServe: () => setBehind(inference, false),
        pace,
        onProgress: onEncoding,
        signal,
      });
      return { figures: figures && { ...figures, selfRecall: recall }, failed };
    } catch (error) {
      await inference.close();
      throw error;
    }
  }

  /**
   * Watches the model that serves.
   * @returns undefined where all was well to the end, or else what was not, as a sentence
   * @throws the signal's reason
   */
  watch(limits: Limits, times: { lastsMs: number; everyMs: number }, signal: AbortSignal): Promise<string | undefined> {
    let before = restartsOf(this.#options.editions.edition);
    let read: { readonly of: Bundle; readonly input: GoldenInput | undefined } | undefined;
    const look = async (): Promise<Vitals> => {
      const { inference, bundle } = this.#options.editions.edition ?? {};
      if (inference === undefined || bundle === undefined || inference.state === 'down') return NOTHING_SERVES;
      const restarts = restartsOf({ inference });
      const ended = restarts - before;
      before = restarts;
      if (read?.of !== bundle) read = { of: bundle, input: (await goldenInputs(bundle, 1))[0] };
      const { input } = read;
      const [z] = bundle.manifest.golden.decoder;
      const decodeMs = await msOf(z && (() => inference.decode(z.z, z.category)));
      const encodeMs = await msOf(input && (() => inference.encode(input.tensor, input.category)));
      const resident = await residentBytes(Object.values(inference.processes));
      return { serving: true, ended, decodeMs, encodeMs, residentBytes: resident };
    };
    return watchProbation({ limits, ...times, look, signal });
  }

  async #giveWay(): Promise<void> {
    if (this.#options.editions.idleMs < QUIET_MS) await wait(GIVE_WAY_MS);
  }
}

async function setBehind({ processes }: Inference, behind: boolean): Promise<void> {
  if (!mayGiveWay()) return;
  for (const pid of Object.values(processes)) if (pid !== undefined) await setBackground(pid, behind);
}

const restartsOf = (edition: { readonly inference: Pick<Inference, 'restarts'> } | undefined): number =>
  edition === undefined ? 0 : edition.inference.restarts.encoder + edition.inference.restarts.decoder;

/** How long an answer takes, milliseconds; undefined where none comes. */
async function msOf(ask: (() => Promise<unknown>) | undefined): Promise<number | undefined> {
  const began = performance.now();
  const answered = await ask?.().catch(() => undefined);
  return answered === undefined ? undefined : performance.now() - began;
}

const NOTHING_SERVES: Vitals = {
  serving: false,
  ended: 0,
  decodeMs: undefined,
  encodeMs: undefined,
  residentBytes: 0,
};
