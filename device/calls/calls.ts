/** Calls from the screens for somebody of the team: in memory only, and of nobody who calls. */
import { randomBytes } from 'node:crypto';
import { LookdialError } from '../errors.ts';

/** Who has called for so long is not there any more, milliseconds. */
export const CALL_MS = 10 * 60_000;
/** From one screen, a call is a new one only so long after the one before, milliseconds. */
export const QUIET_MS = 20_000;
/** Calls that are kept at once. */
export const MOST_CALLS = 50;

export interface Call {
  readonly id: string;
  /** Which screen, where it has a name. */
  readonly place: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** When somebody of the team said that they come; null until then. */
  readonly answeredAt: string | null;
}

interface Clocks {
  /** For people to read. */
  readonly date: () => Date;
  /** What waits goes by it, milliseconds: it is never set back. */
  readonly steady: () => number;
}

interface Taken {
  readonly call: Call;
  readonly since: number;
}

interface Hearers {
  /** A new call. */
  readonly taken: (call: Call) => void;
  readonly answered: (call: Call) => void;
}

export class Calls {
  readonly #hearers: Hearers;
  readonly #clocks: Clocks;
  /** By id, oldest first. */
  readonly #calls = new Map<string, Taken>();

  constructor(hearers: Hearers, clocks: Clocks = { date: () => new Date(), steady: () => performance.now() }) {
    this.#hearers = hearers;
    this.#clocks = clocks;
  }

  /** Those that nobody has answered yet, oldest first. */
  get open(): Call[] {
    this.#drop();
    return [...this.#calls.values()].map(({ call }) => call).filter(({ answeredAt }) => answeredAt === null);
  }

  /**
   * Takes a call. While one from the same screen waits, it is that one: a hand that taps again calls nobody twice.
   * @throws LookdialError `too-many-requests` so soon after an answered one, `busy`
   */
  take(place: string | null): Call {
    this.#drop();
    const last = [...this.#calls.values()].findLast(({ call }) => call.place === place);
    if (last?.call.answeredAt === null) return last.call;
    const since = this.#clocks.steady();
    const quietMs = last === undefined ? 0 : last.since + QUIET_MS - since;
    if (quietMs > 0) {
      const retryAfter = Math.ceil(quietMs / 1000);
      throw new LookdialError('too-many-requests', `Somebody is coming. Call again in ${retryAfter} s.`, {
        retryAfter,
      });
    }
    if (this.#calls.size >= MOST_CALLS) {
      throw new LookdialError('busy', `${MOST_CALLS} calls are open already. Answer some of them.`);
    }
    const call: Call = {
      id: randomBytes(8).toString('hex'),
      place,
      at: this.#clocks.date().toISOString(),
      answeredAt: null,
    };
    this.#calls.set(call.id, { call, since });
    this.#hearers.taken(call);
    return call;
  }

  /** @throws LookdialError `call-not-found` */
  find(id: string): Call {
    return this.#find(id).call;
  }

  #find(id: string): Taken {
    this.#drop();
    const taken = this.#calls.get(id);
    if (taken === undefined) throw new LookdialError('call-not-found', `There is no call ${id} now.`, { field: 'id' });
    return taken;
  }

  /** Whether it waits for somebody still. */
  isOpen(id: string): boolean {
    return this.open.some(call => call.id === id);
  }

  /** Somebody comes. Said twice, the first time counts. @throws LookdialError `call-not-found` */
  answer(id: string): Call {
    const { call, since } = this.#find(id);
    if (call.answeredAt !== null) return call;
    const answered = { ...call, answeredAt: this.#clocks.date().toISOString() };
    this.#calls.set(id, { call: answered, since });
    this.#hearers.answered(answered);
    return answered;
  }

  #drop(): void {
    const now = this.#clocks.steady();
    for (const [id, { since }] of this.#calls) if (since + CALL_MS <= now) this.#calls.delete(id);
  }
}
