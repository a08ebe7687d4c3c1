import type { Call } from '../../device/api/call-schemas.ts';
import { ApiError, DaemonGone } from '../lib/api.ts';
import type { HelpAsked } from '../lib/help-api.ts';
import { type Clock, clock } from '../lib/rest.ts';

/** What is said of how long ago it was is made anew so often, milliseconds. */
const AGAIN_MS = 5_000;

export type CallState = 'none' | 'asking' | 'called' | 'coming' | 'failed';

/** The shopper's call for somebody of the team. Nothing is said of it that the daemon has not said. */
export class Calling extends EventTarget {
  readonly #api: Pick<HelpAsked, 'call' | 'look'>;
  readonly #place: string;
  readonly #clock: Clock;
  #timer: unknown;
  #round = 0;

  state: CallState = 'none';
  call: Call | undefined;

  constructor(api: Pick<HelpAsked, 'call' | 'look'>, place: string, time: Clock = clock) {
    super();
    this.#api = api;
    this.#place = place;
    this.#clock = time;
  }

  async ask(): Promise<void> {
    if (this.state === 'asking') return;
    const round = ++this.#round;
    this.#put('asking');
    try {
      const call = await this.#api.call(this.#place);
      if (round === this.#round) this.#take(call);
    } catch (error) {
      refused(error);
      if (round === this.#round) this.#put('failed');
    }
  }

  /** The box tells of a call, this one or another. */
  heard(call: Call): void {
    if (call.id === this.call?.id) this.#take(call);
  }

  /** Something may have been missed. */
  async look(): Promise<void> {
    const { call } = this;
    const round = this.#round;
    if (call === undefined) return;
    try {
      const now = await this.#api.look(call.id);
      if (round === this.#round) this.#take(now);
    } catch (error) {
      // A daemon that is away says nothing; one that knows of no such call has been started anew, and nobody has heard it.
      if (refused(error) === 'call-not-found' && round === this.#round) this.#put('failed');
    }
  }

  wipe(): void {
    this.#round += 1;
    this.#put('none');
  }

  #take(call: Call): void {
    this.#put(call.answeredAt === null ? 'called' : 'coming', call);
    this.#tick();
  }

  #tick(): void {
    this.#timer = this.#clock.after(AGAIN_MS, () => {
      this.#changed();
      this.#tick();
    });
  }

  #put(state: CallState, call?: Call): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
    this.state = state;
    this.call = call;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** The code of what the API threw; undefined where it did not answer. Anything else is thrown again. */
function refused(error: unknown): string | undefined {
  if (error instanceof ApiError) return error.code;
  if (error instanceof DaemonGone) return undefined;
  throw error;
}
