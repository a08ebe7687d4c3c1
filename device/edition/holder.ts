/**
 * The pointer to the current edition. A request takes the edition by a lease and keeps it to its end; when the pointer moves, the old
 * edition's sessions are closed as soon as its last lease is given back.
 */
import { LookdialError } from '../errors.ts';
import type { Edition } from './edition.ts';

export interface Lease<E> {
  readonly edition: E;
  /** Gives the lease back; more calls do nothing. */
  release(): void;
}

/** What the holder needs of an edition; two editions may share sessions, as when the index alone is new. */
type Held = Pick<Edition, 'id'> & {
  readonly inference: { close(): Promise<void> };
  readonly search?: { close(): Promise<void> };
};

interface Slot<E> {
  readonly edition: E;
  leases: number;
  /** Settles when its sessions are closed, or left to another edition. */
  readonly gone: PromiseWithResolvers<void>;
}

export class EditionHolder<E extends Held = Edition> {
  #current: Slot<E> | undefined;
  /** The current edition, and those that still have leases. */
  readonly #slots = new Set<Slot<E>>();
  readonly #going = new Set<Promise<void>>();
  readonly #failed: (error: unknown) => void;
  #lastUse = Number.NEGATIVE_INFINITY;

  /** @param failed told where the sessions of an edition that is gone do not close */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** The edition that new requests get, to look at without holding it; undefined before there is one. */
  get edition(): E | undefined {
    return this.#current?.edition;
  }

  /** How long nobody has asked for the edition, milliseconds: then work that may wait need not. */
  get idleMs(): number {
    return performance.now() - this.#lastUse;
  }

  /** @throws LookdialError `not-ready` where there is no edition */
  current(): Lease<E> {
    const slot = this.#current;
    if (slot === undefined) {
      throw new LookdialError('not-ready', 'The model is still being loaded. Ask again in a second.');
    }
    slot.leases += 1;
    this.#lastUse = performance.now();
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      slot.leases -= 1;
      this.#collect(slot);
    };
    return { edition: slot.edition, release };
  }

  /** Runs `work` on the current edition, held to its end. */
  async use<T>(work: (edition: E) => T | Promise<T>): Promise<T> {
    const lease = this.current();
    try {
      return await work(lease.edition);
    } finally {
      lease.release();
    }
  }

  /** Moves the pointer. Requests that hold the old edition keep it. */
  swap(edition: E): void {
    const slot: Slot<E> = { edition, leases: 0, gone: Promise.withResolvers() };
    this.#slots.add(slot);
    this.#going.add(slot.gone.promise);
    this.#move(slot);
  }

  /** Takes the edition away, and waits until every edition's sessions are closed: requests end first. */
  async close(): Promise<void> {
    this.#move(undefined);
    await Promise.all(this.#going);
  }

  #move(next: Slot<E> | undefined): void {
    const old = this.#current;
    this.#current = next;
    if (old !== undefined) this.#collect(old);
  }

  #collect(slot: Slot<E>): void {
    if (slot.leases > 0 || slot === this.#current) return;
    this.#slots.delete(slot);
    const { inference, search } = slot.edition;
    const shared = [...this.#slots].some(other => other.edition.inference === inference);
    const closing = [...(shared ? [] : [inference.close()]), ...(search === undefined ? [] : [search.close()])];
    void Promise.all(closing.map(one => one.catch(this.#failed))).then(() => {
      this.#going.delete(slot.gone.promise);
      slot.gone.resolve();
    });
  }
}
