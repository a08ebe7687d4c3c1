import type { UpdatesAnswer } from '../../device/api/update-schemas.ts';
import { type Clock, clock } from '../lib/rest.ts';
import type { StaffAsked } from '../lib/staff-api.ts';
import { reportFault } from '../lib/trouble.ts';

/** How often it is looked how an update goes on, milliseconds. */
const LOOK_MS = 2_000;

/** What is asked of the box. */
export type UpdatesAsked = Pick<StaffAsked, 'updates' | 'checkForUpdates' | 'applyUpdate' | 'rollBackUpdate'>;

/** How the updates of the model stand, while staff look. Says `change` whenever something to be seen has changed. */
export class ModelUpdates extends EventTarget {
  readonly #api: UpdatesAsked;
  readonly #clock: Clock;
  readonly #failed: (error: unknown) => void;
  #timer: unknown;
  #open = false;

  /** Undefined where the box takes none, and until it has said. */
  shown: UpdatesAnswer | undefined;

  /** @param failed told of what was asked for and refused */
  constructor(api: UpdatesAsked, failed: (error: unknown) => void, time: Clock = clock) {
    super();
    this.#api = api;
    this.#failed = failed;
    this.#clock = time;
  }

  async open(): Promise<void> {
    this.#open = true;
    await this.#look();
  }

  close(): void {
    this.#open = false;
    this.shown = undefined;
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  check(): Promise<void> {
    return this.#ask(() => this.#api.checkForUpdates());
  }

  apply(): Promise<void> {
    return this.#ask(() => this.#api.applyUpdate());
  }

  rollBack(): Promise<void> {
    return this.#ask(() => this.#api.rollBackUpdate());
  }

  async #ask(ask: () => Promise<UpdatesAnswer>): Promise<void> {
    try {
      this.#show(await ask());
    } catch (error) {
      this.#failed(error);
    }
  }

  async #look(): Promise<void> {
    try {
      const updates = await this.#api.updates();
      // A box that takes none has nothing to show.
      if (updates.source === null) return;
      this.#show(updates);
    } catch (error) {
      // One that does not answer just now is asked again.
      reportFault(error);
    }
    if (!this.#open) return;
    this.#timer = this.#clock.after(LOOK_MS, () => void this.#look());
  }

  #show(updates: UpdatesAnswer): void {
    if (!this.#open) return;
    this.shown = updates;
    this.dispatchEvent(new Event('change'));
  }
}
