/**
 * Updates of the model on this box: looked for from time to time, fetched when they are there, tried and gone over to in the
 * hours for it, watched, and taken back where they fail. docs/updates.md tells the operator. What is under way is written down
 * before it is done, so that a start after a cut goes on with it.
 */
import { LookdialError, sentenceOf } from '../errors.ts';
import type { EventHub } from '../events.ts';
import { InTurn } from '../in-turn.ts';
import { Changeover, type ChangeoverOptions } from './changeover.ts';
import { type Installed, OutOfHours } from './installer.ts';
import { type UnderWay, UpdateNews } from './update-news.ts';
import type { ReleaseRecord, UpdateState } from './update-progress.ts';
import type { CheckOutcome, Updater, Verified } from './updater.ts';
import { isWithin, type Window, writtenWindow } from './window.ts';

export interface UpdatesOptions extends ChangeoverOptions {
  readonly updater: Pick<Updater, 'check' | 'collect'>;
  readonly events: EventHub;
  /** Where updates come from, in words. */
  readonly source: string;
  readonly everyMs: number;
  readonly window: Window;
  readonly probation: { readonly lastsMs: number; readonly everyMs: number };
  readonly now?: () => Date;
}

export interface LastCheck {
  readonly at: Date;
  readonly outcome: CheckOutcome['kind'];
  readonly message: string | undefined;
  readonly alarm: boolean;
}

/** What a release that is here waits for. */
export interface Waiting {
  /** The hours in which it is gone over to, such as `02:00`, by the box's clock. */
  readonly from: string;
  readonly to: string;
  /** Whether the store is encoded by it already. */
  readonly encoded: boolean;
}

/** After a look that ended ill the next one comes sooner, milliseconds. */
const SOON_MS = 15 * 60_000;
/** A daemon that has run so long in a probation was not ended by the release, milliseconds. */
const STEADY_MS = 5 * 60_000;

export class Updates {
  readonly #options: UpdatesOptions;
  readonly #closing = new AbortController();
  readonly #turns = new InTurn();
  readonly #news: UpdateNews;
  readonly #changeover: Changeover;
  #timer: NodeJS.Timeout | undefined;
  #lastCheck: LastCheck | undefined;
  #watching: Promise<void> = Promise.resolve();
  #stopWatching = new AbortController();
  #failure: string | undefined;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    this.#news = new UpdateNews(options.progress, options.events);
    this.#changeover = new Changeover(options, this.#news);
  }

  get source(): string {
    return this.#options.source;
  }

  get state(): UpdateState {
    return this.#options.progress.state;
  }

  get underWay(): UnderWay | undefined {
    return this.#news.underWay;
  }

  get lastCheck(): LastCheck | undefined {
    return this.#lastCheck;
  }

  /** Every release this box has met, the newest first. */
  history(): ReleaseRecord[] {
    return this.#options.progress.history();
  }

  /** The release that serves; undefined where it is the model of the settings. */
  get current(): ReleaseRecord | undefined {
    return this.#options.progress.current;
  }

  /** Whether there is a model to go back to. */
  get canRollBack(): boolean {
    return this.#changeover.canGoBack;
  }

  /** What the release that is here waits for; undefined where none is, and in the hours for it. */
  get waitsFor(): Waiting | undefined {
    const { state, release } = this.state;
    if (state !== 'verified' || release === undefined || this.#isTime()) return undefined;
    return { ...writtenWindow(this.#options.window), encoded: release.isEncoded };
  }

  /** Why the last change of model did not happen; undefined where it did. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** SKUs of the pictures that the newest model does not take. */
  get failedPictures(): readonly string[] {
    return this.#changeover.failedPictures;
  }

  /** Goes on with what was under way when the box was last switched off, and looks from time to time. */
  start(): void {
    const { progress, catalogue } = this.#options;
    const { state, release } = progress.state;
    const serves = catalogue.store?.model?.edition === String(release?.edition);
    if ((state === 'staged' || state === 'trial') && release !== undefined) {
      // The pointer moves with the catalogue: what it says has happened.
      if (serves) {
        this.#changeover.commit();
        this.#watch(release);
      } else progress.pause();
    } else if (state === 'committed' && release !== undefined) {
      if (serves) this.#watch(release);
      else this.#changeover.takenBack('The store is not served by it any more.');
    } else if (state === 'rolled-back') progress.end();
    this.#lookIn(0);
  }

  /**
   * Looks for a release now, and fetches it. It is gone over to in the hours for it, or by `apply`.
   * @returns how it ended; it never throws
   */
  check(): Promise<CheckOutcome> {
    return this.#turns.do(() => this.#check());
  }

  /**
   * Goes over to the newest release, now. Where one is on probation, that ends: whoever goes on has taken it.
   * @throws LookdialError `no-update` where none is there; `update-failed` with the reason
   */
  apply(): Promise<Installed> {
    return this.#changing(async () => {
      const { progress } = this.#options;
      if (progress.state.state === 'committed') {
        this.#stopWatching.abort(new Error('The next one is gone over to.'));
        progress.end();
      }
      const outcome = await this.#check();
      const ready = readyOf(outcome);
      if (ready !== undefined) return await this.#install(ready);
      const why = outcome.kind === 'refused' ? outcome.message : 'The box has the newest release that is for it.';
      throw new LookdialError('no-update', `There is nothing to go over to. ${why}`);
    });
  }

  /**
   * Goes back to the model before, now; the release that served is not tried again.
   * @throws LookdialError `no-update` where there is none; `update-failed`
   */
  rollBack(reason = 'It was taken back by hand.'): Promise<void> {
    this.#stopWatching.abort(new Error('It is taken back.'));
    return this.#changing(() => this.#rollBack(reason));
  }

  async close(): Promise<void> {
    this.#closing.abort(new LookdialError('not-ready', 'The box is being stopped.'));
    clearTimeout(this.#timer);
    await this.#turns.ended();
    await this.#watching;
  }

  /** One after another; why it failed is kept, for whoever asks. */
  #changing<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.do(async () => {
      try {
        const done = await work();
        this.#failure = undefined;
        return done;
      } catch (error) {
        if (!this.#closing.signal.aborted) this.#failure = sentenceOf(error);
        throw error;
      }
    });
  }

  #lookIn(wait: number): void {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#timer);
    const look = (): void =>
      void this.#changing(() => this.#look())
        .catch(error => this.#options.log.warn(`The update did not go on: ${sentenceOf(error)}`))
        .finally(() => this.#lookIn(this.#nextLook));
    this.#timer = setTimeout(look, wait).unref();
  }

  get #nextLook(): number {
    const { everyMs } = this.#options;
    // What waits for its hours is looked for often enough to come within them.
    return this.state.state === 'verified' || this.#lastCheck?.alarm ? Math.min(SOON_MS, everyMs) : everyMs;
  }

  async #look(): Promise<void> {
    const ready = readyOf(await this.#check());
    if (ready === undefined || !this.#isTime()) return;
    try {
      await this.#install(ready, () => this.#isTime());
    } catch (error) {
      if (!(error instanceof OutOfHours)) throw error;
    }
  }

  /** Whether this is an hour for going over to another model unasked. */
  #isTime(): boolean {
    const { window, now = () => new Date() } = this.#options;
    return isWithin(window, now());
  }

  async #check(): Promise<CheckOutcome> {
    const { updater, log, now = () => new Date() } = this.#options;
    const outcome = await updater.check({
      signal: this.#closing.signal,
      onProgress: (done, total) => this.#news.tell({ what: 'fetching', done, total }),
    });
    this.#news.tell(undefined);
    const message = outcome.kind === 'refused' ? outcome.message : undefined;
    const alarm = outcome.kind === 'refused' && outcome.alarm;
    if (alarm && message !== this.#lastCheck?.message) log.warn(`Updates: ${message}`);
    this.#lastCheck = { at: now(), outcome: outcome.kind, message, alarm };
    return outcome;
  }

  async #install(ready: Verified, mayMove?: () => boolean): Promise<Installed> {
    const installed = await this.#changeover.install(ready, this.#closing.signal, mayMove);
    const served = this.#options.progress.find(ready.release.release);
    if (served !== undefined) this.#watch(served);
    return installed;
  }

  /** The probation: it goes on beside everything else, and takes the release back where it fails. */
  #watch({ release, document }: ReleaseRecord): void {
    const { installer, probation, progress, log } = this.#options;
    this.#stopWatching = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, this.#stopWatching.signal]);
    const steady = setTimeout(() => progress.forgetStarts(), Math.min(STEADY_MS, probation.lastsMs)).unref();
    signal.addEventListener('abort', () => clearTimeout(steady), { once: true });
    const watch = async (): Promise<void> => {
      const why = await installer.watch(document.limits, probation, signal);
      if (why !== undefined) {
        log.warn(`Release ${release} failed in its probation: ${why}`);
        return await this.#changing(() => this.#rollBack(why));
      }
      await this.#turns.do(async () => {
        if (progress.state.state === 'committed') progress.end();
        await this.#options.updater.collect();
      });
      log.info(`Release ${release} has passed its probation.`);
    };
    this.#watching = watch().catch(error => {
      if (!signal.aborted) log.warn(`The probation of release ${release} ended: ${sentenceOf(error)}`);
    });
  }

  async #rollBack(reason: string): Promise<void> {
    const { signal } = this.#closing;
    if (!this.canRollBack) {
      throw new LookdialError('no-update', 'The model that came with the program serves: there is none before it.');
    }
    try {
      await this.#changeover.goBack(signal);
    } catch (error) {
      // It serves on, and is watched on.
      const { state, release } = this.state;
      if (state === 'committed' && release !== undefined && !signal.aborted) this.#watch(release);
      throw error;
    }
    this.#options.log.warn(`The store is served by the model before again: ${reason}`);
    this.#changeover.takenBack(reason);
  }
}

/** The release that may be gone over to after a look: a stick that was pulled out takes nothing with it. */
const readyOf = (outcome: CheckOutcome): Verified | undefined =>
  outcome.kind === 'refused' ? outcome.ready : outcome.kind === 'verified' ? outcome : undefined;
