import type { PairedScope } from '../../device/api/access.ts';
import type { Key, Pairing, Staff as StaffState } from '../../device/api/access-schemas.ts';
import { ApiError } from '../lib/api.ts';
import { type Clock, clock } from '../lib/rest.ts';
import type { StaffAsked } from '../lib/staff-api.ts';
import { reportFault, type Trouble, troubleFrom } from '../lib/trouble.ts';
import { Garments } from './garments.ts';
import { ModelUpdates } from './model-updates.ts';
import { Naming } from './naming.ts';
import { StaffCalls } from './staff-calls.ts';
import { Unfound } from './unfound.ts';

/** The page is left when nobody has touched it for so long, and no code is shown; milliseconds. */
export const IDLE_MS = 60_000;
const SECOND_MS = 1_000;
/** While hands are on the page the box is asked something this often: its session lasts three minutes in which nothing is asked. */
const ASK_MS = 60_000;

/** How the box answers who is not at its screen; the latter two where it shows the store to nobody without a key. */
const ELSEWHERE: ReadonlySet<string> = new Set(['loopback-only', 'key-required', 'key-refused']);

/** What staff do at the screen, in memory only; leaving wipes it. Says `change` whenever something to be seen has changed. */
export class Staff extends EventTarget {
  readonly #api: StaffAsked;
  readonly #clock: Clock;
  #idle: unknown;
  #tick: unknown;
  #ask: unknown;
  /** The new PIN as it was given first, until it was given again. */
  #chosen: string | undefined;

  /** `choose` and `repeat` are for a box that has no PIN yet, `code` for a device that is not the box's screen and has no key. */
  phase: 'away' | 'choose' | 'repeat' | 'enter' | 'code' | 'inside' = 'away';
  /** This is somebody's phone or tablet: it is there to photograph garments, and pairs nobody. */
  elsewhere = false;
  readonly garments: Garments;
  readonly unfound: Unfound;
  readonly naming: Naming;
  readonly updates: ModelUpdates;
  readonly calls: StaffCalls;
  /** What went wrong last: with the box, or that the PIN was given twice, and differently. */
  trouble: Trouble | 'pins-differ' | undefined;
  /** A question is under way: nothing else can be tried. */
  busy = false;
  lockedSeconds = 0;
  keys: readonly Key[] = [];
  pairing: Pairing = { state: 'none' };
  certificate: StaffState['certificate'] = null;

  constructor(api: StaffAsked, time: Clock = clock) {
    super();
    this.#api = api;
    this.#clock = time;
    this.garments = new Garments(api, error => this.#refused(error));
    this.garments.addEventListener('change', () => this.#changed());
    this.unfound = new Unfound(api, error => this.#refused(error));
    this.unfound.addEventListener('change', () => this.#changed());
    this.naming = new Naming(api, error => this.#refused(error), time);
    this.naming.addEventListener('change', () => this.#changed());
    this.updates = new ModelUpdates(api, error => void this.#failed(error).then(() => this.#changed()), time);
    this.updates.addEventListener('change', () => this.#changed());
    this.calls = new StaffCalls(api, error => void this.#failed(error).then(() => this.#changed()));
    this.calls.addEventListener('change', () => this.#changed());
  }

  /** Somebody wants in. */
  async open(): Promise<void> {
    if (this.phase !== 'away') return;
    this.phase = 'enter';
    this.touched();
    await this.#attempt(async () => {
      try {
        const { pin } = await this.#look();
        if (pin === 'unset') this.phase = 'choose';
      } catch (error) {
        if (!(error instanceof ApiError && ELSEWHERE.has(error.code))) throw error;
        this.#openElsewhere(error.code);
      }
    });
  }

  #openElsewhere(said: string): void {
    if (this.phase === 'away') return;
    const gone = said === 'key-refused';
    if (gone) this.#api.forgetKey();
    this.elsewhere = true;
    this.touched();
    this.phase = this.#api.hasKey ? 'inside' : 'code';
    this.trouble = gone ? 'key-refused' : undefined;
    if (this.phase === 'inside') void this.garments.open();
  }

  /** What was typed on the pad. @param name what this device is called in the list of keys, should it get one */
  async typed(pin: string, name = ''): Promise<void> {
    if (this.busy || this.lockedSeconds > 0) return;
    if (this.phase === 'code') return await this.#attempt(() => this.#redeem(pin, name));
    if (this.phase === 'enter') return await this.#attempt(() => this.#enter(pin));
    if (this.phase === 'choose') {
      this.#chosen = pin;
      this.phase = 'repeat';
      this.trouble = undefined;
      this.#changed();
      return;
    }
    if (this.phase === 'repeat') await this.#repeated(pin);
  }

  async #redeem(code: string, name: string): Promise<void> {
    await this.#api.redeem(code, name);
    if (this.phase !== 'code') return;
    this.phase = 'inside';
    void this.garments.open();
  }

  async startPairing(scope: PairedScope): Promise<void> {
    await this.#attempt(async () => {
      this.pairing = await this.#api.startPairing(scope);
      this.#keepTicking();
    });
  }

  async stopPairing(): Promise<void> {
    await this.#attempt(async () => {
      this.pairing = await this.#api.stopPairing();
    });
  }

  async revoke(id: string): Promise<void> {
    await this.#attempt(async () => {
      await this.#api.revoke(id);
      await this.#listKeys();
    });
  }

  /** A hand or a key: the page stays open for another while. */
  touched(): void {
    if (this.phase === 'away') return;
    if (this.#idle !== undefined) this.#clock.cancel(this.#idle);
    this.#idle = undefined;
    // What lies in a hand is not the shop's screen: a photograph takes its time.
    if (this.elsewhere) return;
    // Whoever writes a name has asked nothing for a while, and is to find it saved.
    this.#ask ??= this.#clock.after(ASK_MS, () => {
      this.#ask = undefined;
      this.unfound.heard();
    });
    this.#idle = this.#clock.after(IDLE_MS, () => {
      this.#idle = undefined;
      // Whoever was shown a code has gone to type it in.
      if (this.pairing.state === 'open') this.touched();
      else this.leave();
    });
  }

  /** The store, the model or its names are not what they were. */
  heard({ edition }: { readonly edition?: true }): void {
    this.unfound.heard();
    if (edition) void this.naming.heard();
  }

  leave(): void {
    for (const timer of [this.#idle, this.#tick, this.#ask]) if (timer !== undefined) this.#clock.cancel(timer);
    this.#idle = undefined;
    this.#tick = undefined;
    this.#ask = undefined;
    this.#wipe();
    this.phase = 'away';
    void this.#api.leave();
    this.#changed();
  }

  #wipe(): void {
    this.#chosen = undefined;
    this.trouble = undefined;
    this.lockedSeconds = 0;
    this.keys = [];
    this.pairing = { state: 'none' };
    this.certificate = null;
    this.garments.close();
    this.unfound.close();
    this.naming.close();
    this.updates.close();
  }

  /** @returns whether the page says so by itself: the session is over, or the key was taken back */
  #refused(error: unknown): boolean {
    if (!(error instanceof ApiError) || error.code !== 'key-refused' || this.phase !== 'inside') return false;
    this.#wipe();
    this.trouble = 'key-refused';
    this.phase = this.elsewhere ? 'code' : 'enter';
    if (this.elsewhere) this.#api.forgetKey();
    this.#changed();
    return true;
  }

  async #repeated(pin: string): Promise<void> {
    const chosen = this.#chosen;
    this.#chosen = undefined;
    if (pin !== chosen) {
      this.phase = 'choose';
      this.trouble = 'pins-differ';
      this.#changed();
      return;
    }
    await this.#attempt(async () => {
      // A PIN that is refused is chosen anew.
      this.phase = 'choose';
      await this.#api.setPin(pin);
      this.phase = 'enter';
      await this.#enter(pin);
    });
  }

  async #enter(pin: string): Promise<void> {
    await this.#api.enter(pin);
    if (this.phase === 'away') {
      await this.#api.leave();
      return;
    }
    this.phase = 'inside';
    await this.#listKeys();
    await this.#look();
    void this.updates.open();
  }

  async #look(): Promise<StaffState> {
    const state = await this.#api.state();
    this.lockedSeconds = state.lockedSeconds;
    this.certificate = state.certificate;
    if (this.lockedSeconds > 0) this.#keepTicking();
    return state;
  }

  async #listKeys(): Promise<void> {
    const { keys } = await this.#api.keys();
    this.keys = keys.filter(({ revoked }) => revoked === null);
  }

  /** Counts down, second by second, while there is something to count. */
  #keepTicking(): void {
    if (this.#tick !== undefined) return;
    this.#tick = this.#clock.after(SECOND_MS, () => {
      this.#tick = undefined;
      void this.#ticked();
    });
  }

  async #ticked(): Promise<void> {
    if (this.phase === 'away') return;
    this.lockedSeconds = Math.max(0, this.lockedSeconds - 1);
    if (this.lockedSeconds === 0 && this.trouble === 'pin-locked') this.trouble = undefined;
    if (this.pairing.state === 'open') await this.#attempt(() => this.#followPairing(), false);
    if (this.lockedSeconds > 0 || this.pairing.state === 'open') this.#keepTicking();
    this.#changed();
  }

  async #followPairing(): Promise<void> {
    const pairing = await this.#api.pairing();
    // It may have been stopped, or the page left, meanwhile.
    if (this.pairing.state !== 'open') return;
    this.pairing = pairing;
    if (pairing.state !== 'open') await this.#listKeys();
  }

  async #attempt(run: () => Promise<void>, showBusy = true): Promise<void> {
    this.busy = showBusy;
    this.trouble = undefined;
    this.#changed();
    try {
      await run();
    } catch (error) {
      await this.#failed(error);
    }
    this.busy = false;
    // What came after the page was left is nobody's to see.
    if (this.phase === 'away') this.#wipe();
    this.#changed();
  }

  async #failed(error: unknown): Promise<void> {
    this.trouble = troubleFrom(error);
    this.#refused(error);
    if (this.trouble !== 'pin-locked' && this.trouble !== 'pin-wrong') return;
    try {
      await this.#look();
    } catch (again) {
      // What is wrong is said already, but for what nobody knows of.
      reportFault(again);
    }
  }

  #changed(): void {
    this.calls.follow(this.phase === 'inside');
    this.unfound.follow(this.phase === 'inside', !this.elsewhere);
    this.dispatchEvent(new Event('change'));
  }
}
