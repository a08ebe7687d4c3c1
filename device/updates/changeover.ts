/** The ways over to a release and back, each step written down before it is taken, and what is said of how it went. */
import { editionFolder } from '../edition/served-bundle.ts';
import { LookdialError, sentenceOf } from '../errors.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { StoreModel } from '../inventory/store-record.ts';
import { type Installed, type Installer, isReleasesFault, OutOfHours } from './installer.ts';
import { UpdateRefused } from './refusals.ts';
import type { UpdateNews } from './update-news.ts';
import type { UpdateProgress } from './update-progress.ts';
import type { Verified } from './updater.ts';

export interface ChangeoverOptions {
  readonly progress: UpdateProgress;
  readonly installer: Installer;
  readonly catalogue: Catalogue;
  readonly log: { info(text: string): void; warn(text: string): void };
  /** The state folder, and the bundle of the settings: its folder and its id. */
  readonly data: string;
  readonly settings: { readonly folder: string; readonly id: string };
}

export class Changeover {
  readonly #options: ChangeoverOptions;
  readonly #news: UpdateNews;
  #failedPictures: readonly string[] = [];

  constructor(options: ChangeoverOptions, news: UpdateNews) {
    this.#options = options;
    this.#news = news;
  }

  /** Whether there is a model to go back to. */
  get canGoBack(): boolean {
    return this.#options.catalogue.store?.model !== undefined;
  }

  /** SKUs of the pictures that the newest model does not take. */
  get failedPictures(): readonly string[] {
    return this.#failedPictures;
  }

  /**
   * Goes over to a release that is whole on the disk.
   * @param mayMove whether this is an hour for it, asked before the pointer moves
   * @throws LookdialError `update-failed` with the reason; OutOfHours, which is written down; the signal's reason
   */
  async install(
    { release, edition, folder, index }: Verified,
    signal: AbortSignal,
    mayMove: () => boolean = () => true,
  ): Promise<Installed> {
    const { progress, installer, log, settings } = this.#options;
    const number = release.release;
    this.#advance('staged', number);
    try {
      this.#advance('trial', number);
      const candidate = { folder, model: { edition: String(edition), of: settings.id }, index };
      const installed = await installer.install(candidate, release.limits, {
        onEncoding: this.#onEncoding,
        mayMove,
        signal,
      });
      this.#failedPictures = installed.failed.map(({ sku }) => sku);
      log.info(
        `The store is served by release ${number}, ${release.id}@${release.version}: ${figuresText(installed)}.`,
      );
      this.commit();
      return installed;
    } catch (error) {
      if (signal.aborted) {
        progress.pause();
        throw signal.reason;
      }
      if (error instanceof OutOfHours) {
        progress.awaitWindow();
        log.info(`The store is encoded by release ${number}, and its hours are over: it is gone over to in the next.`);
        throw error;
      }
      throw this.#failed(number, error);
    } finally {
      this.#news.tell(undefined);
    }
  }

  /** Writes down that the release on trial serves. */
  commit(): void {
    this.#options.progress.commit();
    this.#news.publish();
  }

  /**
   * Goes back to the model before.
   * @throws LookdialError `update-failed`: then the store is served as it was
   */
  async goBack(signal: AbortSignal): Promise<void> {
    const { catalogue, installer, settings, data } = this.#options;
    // Where none is kept, the one that came with the program is there.
    const before: StoreModel | undefined = catalogue.store?.modelBefore ?? undefined;
    const candidate = {
      folder: before === undefined ? settings.folder : editionFolder(data, before.edition),
      model: before && { edition: before.edition, of: before.of },
      goesBack: true,
    };
    try {
      await installer.install(candidate, undefined, { onEncoding: this.#onEncoding, signal });
    } catch (error) {
      throw new LookdialError('update-failed', `The model before cannot be gone back to: ${sentenceOf(error)}`, {
        cause: error,
      });
    } finally {
      this.#news.tell(undefined);
    }
  }

  /** Writes down that the release that served does so no more. */
  takenBack(reason: string): void {
    const { progress } = this.#options;
    const { state, release } = progress.state;
    if (state === 'committed' && release !== undefined) progress.rollBack(reason);
    else progress.takeBack(reason);
    progress.end();
    this.#news.publish();
  }

  /** Writes down that a release was not gone over to. */
  #failed(release: number, error: unknown): LookdialError {
    const { progress, log } = this.#options;
    const why = sentenceOf(error);
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
    this.#news.publish();
  }

  readonly #onEncoding = (done: number, total: number): void => this.#news.tell({ what: 'encoding', done, total });
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
