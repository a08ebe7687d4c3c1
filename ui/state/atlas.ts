import { ApiError, type Asked, DaemonGone } from '../lib/api.ts';
import type { Sheet } from '../lib/map-answer.ts';
import { type Clock, clock } from '../lib/rest.ts';

/** A map that is being drawn is asked for again after so long, milliseconds. */
const AGAIN_MS = 2_000;

/** The map of the store, while somebody looks at it. Says `change` whenever something to be seen has changed. */
export class Atlas extends EventTarget {
  readonly #api: Pick<Asked, 'map'>;
  readonly #clock: Clock;
  /** What is asked last counts. */
  #question = 0;
  #looking = false;

  sheet: Sheet | undefined;
  /** The map is being drawn: there is none to show yet. */
  drawing = false;
  /** The kind that is shown alone; undefined shows every kind. */
  kind: string | undefined;

  constructor(api: Pick<Asked, 'map'>, time: Clock = clock) {
    super();
    this.#api = api;
    this.#clock = time;
  }

  /** Somebody looks at the map. */
  async open(kind: string | undefined): Promise<void> {
    this.#looking = true;
    if (kind !== this.kind) this.sheet = undefined;
    this.kind = kind;
    await this.#load();
  }

  /** Shows one kind alone. */
  async show(kind: string | undefined): Promise<void> {
    if (kind === this.kind) return;
    this.kind = kind;
    await this.#load();
  }

  /** The store is not what it was. */
  async lookAgain(): Promise<void> {
    if (this.#looking) await this.#load();
  }

  close(): void {
    this.#looking = false;
    this.#question += 1;
    this.drawing = false;
  }

  async #load(): Promise<void> {
    const question = ++this.#question;
    try {
      const sheet = await this.#api.map(this.kind);
      if (question !== this.#question) return;
      this.sheet = sheet;
      this.drawing = false;
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof DaemonGone)) throw error;
      if (question !== this.#question) return;
      this.drawing = this.sheet === undefined;
      this.#clock.after(AGAIN_MS, () => {
        if (this.#looking && question === this.#question) void this.#load();
      });
    }
    this.dispatchEvent(new Event('change'));
  }
}
