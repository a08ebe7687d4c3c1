import { type Clock, clock } from '../lib/rest.ts';

/** How long the warning stands before everything is forgotten, seconds: WCAG 2.2.1 asks for 20 at least. */
export const WARNING_SECONDS = 25;
const SECOND_MS = 1_000;

interface Settings {
  /** Milliseconds without a touch until the warning; undefined: somebody looks after this screen, and nothing is forgotten by itself. */
  readonly idleMs: number | undefined;
  /** While true, somebody is there though they do not touch: the staff's page is open. */
  readonly occupied: () => boolean;
  /** The shopper has gone. */
  readonly left: () => void;
}

/** Whether somebody is at the screen. Says `change` whenever that is otherwise. */
export class Attendance extends EventTarget {
  readonly #settings: Settings;
  readonly #clock: Clock;
  #timer: unknown;

  /** `away`: nobody, the window is shown. `warned`: they have not touched it for long. */
  state: 'away' | 'here' | 'warned';
  /** Of the warning. */
  secondsLeft = 0;

  constructor(settings: Settings, time: Clock = clock) {
    super();
    this.#settings = settings;
    this.#clock = time;
    this.state = settings.idleMs === undefined ? 'here' : 'away';
  }

  /** A hand, or a key. Away or warned, it brings the screen back. */
  touched(): void {
    const before = this.state;
    this.#put('here');
    this.#wait();
    if (before !== 'here') this.#changed();
  }

  /** Nothing more is waited for. */
  stop(): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    this.stop();
    const { idleMs } = this.#settings;
    if (idleMs !== undefined) this.#timer = this.#clock.after(idleMs, () => this.#still());
  }

  #still(): void {
    if (this.#settings.occupied()) {
      this.#wait();
      return;
    }
    this.#put('warned');
    this.secondsLeft = WARNING_SECONDS;
    this.#count();
  }

  #count(): void {
    this.#changed();
    this.#timer = this.#clock.after(SECOND_MS, () => {
      this.secondsLeft -= 1;
      if (this.secondsLeft > 0) this.#count();
      else this.#leave();
    });
  }

  #leave(): void {
    this.stop();
    this.#put('away');
    this.#settings.left();
    this.#changed();
  }

  #put(state: Attendance['state']): void {
    this.state = state;
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
