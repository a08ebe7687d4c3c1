/** Pairing: staff let the screen show a code, and whoever types it into a program within two minutes gives that program its key. */
import { randomInt } from 'node:crypto';
import { LookdialError } from '../errors.ts';
import type { Clock } from './clock.ts';
import type { Key } from './keys.ts';
import { hashOf, sameHash } from './token.ts';
import type { PairedScope } from './who.ts';

export const PAIRING_MS = 120_000;
export const TRIES = 5;
/** Eight digits: five guesses are right once in twenty million pairings. */
const DIGITS = 8;

/** What the staff's page shows of it. */
export type PairingState =
  | { readonly state: 'none' }
  | {
      readonly state: 'open';
      readonly code: string;
      readonly scope: PairedScope;
      readonly secondsLeft: number;
      readonly triesLeft: number;
    }
  /** Nobody sent the code in time. */
  | { readonly state: 'expired' }
  /** Somebody guessed, and missed too often. */
  | { readonly state: 'spent' }
  | { readonly state: 'paired'; readonly key: Key };

interface Open {
  readonly code: string;
  readonly scope: PairedScope;
  readonly until: number;
  triesLeft: number;
}

/** One pairing at a time, in memory alone. Nothing here waits, so that of two who send the right code one gets the key. */
export class Pairing {
  readonly #clock: Clock;
  #open: Open | undefined;
  #last: PairingState = { state: 'none' };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Shows a new code; one shown before is worth nothing any more. */
  begin(scope: PairedScope): PairingState {
    const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
    this.#open = { code, scope, until: this.#clock.steady() + PAIRING_MS, triesLeft: TRIES };
    this.#last = { state: 'none' };
    return this.state;
  }

  get state(): PairingState {
    this.#expire();
    if (this.#open === undefined) return this.#last;
    const { code, scope, until, triesLeft } = this.#open;
    return { state: 'open', code, scope, secondsLeft: Math.ceil((until - this.#clock.steady()) / 1000), triesLeft };
  }

  /**
   * Gives the key to whoever has the code; a code is good once.
   * @param give makes the key; where it throws, the code stays good
   * @throws LookdialError `pairing-closed` where none is open, `code-wrong`
   */
  redeem<T extends { readonly key: Key }>(code: string, give: (scope: PairedScope) => T): T {
    this.#expire();
    const open = this.#open;
    if (open === undefined) {
      throw new LookdialError(
        'pairing-closed',
        'No code is shown. Staff start pairing on the screen, then the code is good for 120 s.',
      );
    }
    if (!sameHash(hashOf(code.replace(/[ -]/g, '')), hashOf(open.code))) {
      open.triesLeft -= 1;
      if (open.triesLeft === 0) this.#close({ state: 'spent' });
      const left = open.triesLeft === 0 ? 'Staff must start pairing again' : `${open.triesLeft} tries are left`;
      throw new LookdialError('code-wrong', `That is not the code on the screen. ${left}.`, { field: 'code' });
    }
    const given = give(open.scope);
    this.#close({ state: 'paired', key: given.key });
    return given;
  }

  /** Takes the code off the screen, and forgets what came of it. */
  end(): void {
    this.#close({ state: 'none' });
  }

  #expire(): void {
    if (this.#open !== undefined && this.#clock.steady() >= this.#open.until) this.#close({ state: 'expired' });
  }

  #close(state: PairingState): void {
    this.#open = undefined;
    this.#last = state;
  }
}
