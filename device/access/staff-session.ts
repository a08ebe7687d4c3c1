/** Staff at the screen after the PIN: one session, in memory alone, gone after a few minutes in which nothing is asked. */
import type { Clock } from './clock.ts';
import { hashOf, isStaffToken, makeStaffToken, sameHash } from './token.ts';

/** It ends when nothing was asked for so long, milliseconds. */
export const IDLE_MS = 3 * 60_000;
/** It ends after so long whatever was asked, milliseconds. */
export const LONGEST_MS = 30 * 60_000;

interface Session {
  readonly hash: Buffer;
  /** The version of the PIN that opened it. */
  readonly pin: number;
  readonly began: number;
  asked: number;
}

export class StaffSession {
  readonly #clock: Clock;
  readonly #pinVersion: () => number;
  readonly #ended: () => void;
  #session: Session | undefined;

  /**
   * @param pinVersion of the PIN as it is now: a session that another opened is over
   * @param ended told when a session is over, however it came to be
   */
  constructor(clock: Clock, pinVersion: () => number, ended: () => void = () => undefined) {
    this.#clock = clock;
    this.#pinVersion = pinVersion;
    this.#ended = ended;
  }

  /** A new session, and the end of the one before. @returns its token */
  begin(pin: number): string {
    this.end();
    const token = makeStaffToken();
    const now = this.#clock.steady();
    this.#session = { hash: hashOf(token), pin, began: now, asked: now };
    return token;
  }

  /** Whether the token opens the session; if so, it goes on for another while. */
  check(token: string): boolean {
    const session = this.#session;
    const now = this.#clock.steady();
    if (session === undefined || !isStaffToken(token) || !sameHash(session.hash, hashOf(token))) return false;
    const over = now - session.asked > IDLE_MS || now - session.began > LONGEST_MS;
    if (over || session.pin !== this.#pinVersion()) {
      this.end();
      return false;
    }
    session.asked = now;
    return true;
  }

  end(): void {
    if (this.#session === undefined) return;
    this.#session = undefined;
    this.#ended();
  }
}
