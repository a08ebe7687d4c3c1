/**
 * Updates of the model on this box: looked for from time to time, fetched when they are there, tried and gone over to in the
 * hours for it, watched, and taken back where they fail. docs/updates.md tells the operator. What is under way is written down
 * before it is done, so that a start after a cut goes on with it.
 */
import { editionFolder } from '../edition/served-bundle.ts';
import { LookdialError } from '../errors.ts';
import type { EventHub } from '../events.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { StoreModel } from '../inventory/store-record.ts';
import { type Installed, type Installer, isReleasesFault } from './installer.ts';
import { UpdateRefused } from './refusals.ts';
import type { ReleaseRecord, UpdateProgress, UpdateState } from './update-progress.ts';
import type { CheckOutcome, Updater } from './updater.ts';
import { isWithin, type Window } from './window.ts';

export interface UpdatesOptions {
  readonly updater: Pick<Updater, 'check' | 'collect'>;
  readonly progress: UpdateProgress;
  readonly installer: Installer;
  readonly catalogue: Catalogue;
  readonly events: EventHub;
  readonly log: { info(text: string): void; warn(text: string): void };
  /** The state folder, and the bundle of the settings: its folder and its id. */
  readonly data: string;
  readonly settings: { readonly folder: string; readonly id: string };
  /** Where updates come from, in words. */
  readonly source: string;
  readonly everyMs: number;
  readonly window: Window;
  readonly probation: { readonly lastsMs: number; readonly everyMs: number };
  readonly now?: () => Date;
}

/** What is under way, in numbers. */
export interface UnderWay {
  readonly what: 'fetching' | 'encoding';
  /** Bytes, or pictures. */
  readonly done: number;
  readonly total: number;
}

export interface LastCheck {
  readonly at: Date;
  readonly outcome: CheckOutcome['kind'];
  readonly message: string | undefined;
  readonly alarm: boolean;
}

/** After a look that ended ill the next one comes sooner, milliseconds. */
const SOON_MS = 15 * 60_000;
/** A daemon that has run so long in a probation was not ended by the release, milliseconds. */
const STEADY_MS = 5 * 60_000;
/** Progress is told so often at most, milliseconds. */
const TELL_MS = 500;

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class Updates {
  readonly #options: UpdatesOptions;
  readonly #closing = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #underWay: UnderWay | undefined;
  #told = 0;
  #lastCheck: LastCheck | undefined;
  #watching: Promise<void> = Promise.resolve();
  #stopWatching = new AbortController();
  #failedPictures: readonly string[] = [];
  #failure: string | undefined;

  constructor(options: UpdatesOptions) {
    this.#options = options;
  }

  get source(): string {
    return this.#options.source;
  }

  get state(): UpdateState {
    return this.#options.progress.state;
  }

  get underWay(): UnderWay | undefined {
    return this.#underWay;
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
    return this.#options.catalogue.store?.model !== undefined;
  }

  /** Why the last change of model did not happen; undefined where it did. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** SKUs of the pictures that the newest model does not take. */
  get failedPictures(): readonly string[] {
    return this.#failedPictures;
  }

  /** Goes on with what was under way when the box was last switched off, and looks from time to time. */
  start(): void {
    const { progress, catalogue } = this.#options;
    const { state, release } = progress.state;
    const serves = catalogue.store?.model?.edition === String(release?.edition);
    if ((state === 'staged' || state === 'trial') && release !== undefined) {
      // The pointer moves with the catalogue: what it says has happened.
      if (serves) this.#commit(release);
      else progress.pause();
    } else if (state === 'committed' && release !== undefined) {
      if (serves) this.#watch(release);
      else this.#takenBack('The store is not served by it any more.');
    } else if (state === 'rolled-back') progress.end();
    this.#lookIn(0);
  }

  /**
   * Looks for a release now, and fetches it. It is gone over to in the hours for it, or by `apply`.
   * @returns how it ended; it never throws
   */
  check(): Promise<CheckOutcome> {
    return this.#alone(() => this.#check());
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
      if (outcome.kind === 'verified') return await this.#install(outcome);
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
    await this.#turn;
    await this.#watching;
  }

  /** One after another. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work);
    this.#turn = run.catch(() => undefined);
    return run;
  }

  /** The same; why it failed is kept, for whoever asks. */
  #changing<T>(work: () => Promise<T>): Promise<T> {
    return this.#alone(async () => {
      try {
        const done = await work();
        this.#failure = undefined;
        return done;
      } catch (error) {
        if (!this.#closing.signal.aborted) this.#failure = sentence(error);
        throw error;
      }
    });
  }

  #lookIn(wait: number): void {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#timer);
    const look = (): void =>
      void this.#changing(() => this.#look())
        .catch(error => this.#options.log.warn(`The update did not go on: ${sentence(error)}`))
        .finally(() => this.#lookIn(this.#nextLook));
    this.#timer = setTimeout(look, wait).unref();
  }

  get #nextLook(): number {
    const { everyMs } = this.#options;
    // What waits for its hours is looked for often enough to come within them.
    return this.state.state === 'verified' || this.#lastCheck?.alarm ? Math.min(SOON_MS, everyMs) : everyMs;
  }

  async #look(): Promise<void> {
    const { window, now = () => new Date() } = this.#options;
    const outcome = await this.#check();
    if (outcome.kind === 'verified' && isWithin(window, now())) await this.#install(outcome);
  }

  async #check(): Promise<CheckOutcome> {
    const { updater, log, now = () => new Date() } = this.#options;
    const outcome = await updater.check({
      signal: this.#closing.signal,
      onProgress: (done, total) => this.#tell({ what: 'fetching', done, total }),
    });
    this.#tell(undefined);
    const message = outcome.kind === 'refused' ? outcome.message : undefined;
    const alarm = outcome.kind === 'refused' && outcome.alarm;
    if (alarm && message !== this.#lastCheck?.message) log.warn(`Updates: ${message}`);
    this.#lastCheck = { at: now(), outcome: outcome.kind, message, alarm };
    return outcome;
  }

  async #install({ release, edition, folder }: CheckOutcome & { kind: 'verified' }): Promise<Installed> {
    const { progress, installer, log, settings } = this.#options;
    const { signal } = this.#closing;
    const number = release.release;
    this.#advance('staged', number);
    try {
      if (release.id !== settings.id) {
        throw new UpdateRefused(
          'release-invalid',
          `It is of ${release.id}, and this store’s models are of ${settings.id}.`,
        );
      }
      this.#advance('trial', number);
      const candidate = { folder, model: { edition: String(edition), of: settings.id } };
      const onEncoding = (done: number, total: number): void => this.#tell({ what: 'encoding', done, total });
      const installed = await installer.install(candidate, release.limits, { onEncoding, signal });
      this.#failedPictures = installed.failed.map(({ sku }) => sku);
      log.info(
        `The store is served by release ${number}, ${release.id}@${release.version}: ${figuresText(installed)}.`,
      );
      this.#commit(progress.find(number));
      return installed;
    } catch (error) {
      if (signal.aborted) {
        progress.pause();
        throw signal.reason;
      }
      throw this.#failed(number, error);
    } finally {
      this.#tell(undefined);
    }
  }

  /** Writes down that a release was not gone over to. */
  #failed(release: number, error: unknown): LookdialError {
    const { progress, log } = this.#options;
    const why = sentence(error);
    if (error instanceof UpdateRefused && error.reason === 'abandoned') {
      log.warn(why);
    } else if (isReleasesFault(error) || error instanceof UpdateRefused) {
      progress.rollBack(why);
      progress.end();
      log.warn(`Release ${release} is not for this box, and is not tried again: ${why}`);
    } else {
      progress.pause();
      log.warn(`Release ${release} could not be gone over to, and is tried again: ${why}`);
    }
    return new LookdialError('update-failed', `Release ${release} is not served: ${why}`, { cause: error });
  }

  #advance(to: 'staged' | 'trial', release: number): void {
    this.#options.progress.advance(to, release);
    this.#publish();
  }

  #commit(release: ReleaseRecord | undefined): void {
    this.#options.progress.commit();
    this.#publish();
    if (release !== undefined) this.#watch(release);
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
      await this.#alone(async () => {
        if (progress.state.state === 'committed') progress.end();
        await this.#options.updater.collect();
      });
      log.info(`Release ${release} has passed its probation.`);
    };
    this.#watching = watch().catch(error => {
      if (!signal.aborted) log.warn(`The probation of release ${release} ended: ${sentence(error)}`);
    });
  }

  async #rollBack(reason: string): Promise<void> {
    const { catalogue, installer, log, settings, data } = this.#options;
    const { store } = catalogue;
    if (store?.model === undefined) {
      throw new LookdialError('no-update', 'The model that came with the program serves: there is none before it.');
    }
    // Where none is kept, the one that came with the program is there.
    const before: StoreModel | undefined = store.modelBefore ?? undefined;
    const candidate = {
      folder: before === undefined ? settings.folder : editionFolder(data, before.edition),
      model: before && { edition: before.edition, of: before.of },
      goesBack: true,
    };
    try {
      const onEncoding = (done: number, total: number): void => this.#tell({ what: 'encoding', done, total });
      await installer.install(candidate, undefined, { onEncoding, signal: this.#closing.signal });
    } catch (error) {
      // It serves on, and is watched on.
      const { state, release } = this.state;
      if (state === 'committed' && release !== undefined && !this.#closing.signal.aborted) this.#watch(release);
      throw new LookdialError('update-failed', `The model before cannot be gone back to: ${sentence(error)}`, {
        cause: error,
      });
    } finally {
      this.#tell(undefined);
    }
    log.warn(`The store is served by the model before again: ${reason}`);
    this.#takenBack(reason);
  }

  #takenBack(reason: string): void {
    const { progress } = this.#options;
    const { state, release } = progress.state;
    if (state === 'committed' && release !== undefined) progress.rollBack(reason);
    else progress.takeBack(reason);
    progress.end();
    this.#publish();
  }

  #tell(underWay: UnderWay | undefined): void {
    this.#underWay = underWay;
    const now = performance.now();
    if (underWay !== undefined && underWay.done < underWay.total && now - this.#told < TELL_MS) return;
    this.#told = now;
    this.#publish();
  }

  #publish(): void {
    const { state, release } = this.state;
    const { done = null, total = null, what = null } = this.#underWay ?? {};
    const data = { state, release: release?.release ?? null, what, done, total };
    this.#options.events.publish({ type: 'update', data });
  }
}

function figuresText({ figures, failed }: Installed): string {
  if (figures === undefined) return 'it has served here before';
  const { decodeP95Ms, encodeP95Ms, residentBytes, selfRecall } = figures;
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  const pictures = failed.length === 0 ? 'every picture taken' : `${failed.length} pictures not taken`;
  return (
    `decoding ${short(decodeP95Ms)} ms and encoding ${short(encodeP95Ms)} ms at the 95th centile, ` +
    `${short(residentBytes / 2 ** 20)} MB, ${short(100 * selfRecall)} per cent their own best match, ${pictures}`
  );
}
