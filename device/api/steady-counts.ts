/**
 * Requests counted by address, by a clock that only goes forward. By the box's own an address that had its share would be refused
 * for as long as that clock is set back: a year, where a time server corrects it by one.
 */
import type { FastifyRateLimitStore } from '@fastify/rate-limit';

/** Addresses that are counted at one time; those not heard of for the longest are forgotten first. */
export const ADDRESSES = 5_000;

interface Span {
  count: number;
  /** When it began, milliseconds of `performance.now()`. */
  readonly since: number;
}

export class SteadyCounts implements FastifyRateLimitStore {
  /** Those heard of last come last. */
  readonly #spans = new Map<string, Span>();

  incr(
    address: string,
    done: (error: Error | null, result?: { current: number; ttl: number }) => void,
    milliseconds: number,
  ): void {
    const now = performance.now();
    const before = this.#spans.get(address);
    const span = before !== undefined && now - before.since < milliseconds ? before : { count: 0, since: now };
    span.count += 1;
    this.#spans.delete(address);
    this.#spans.set(address, span);
    const [oldest] = this.#spans.keys();
    if (this.#spans.size > ADDRESSES && oldest !== undefined) this.#spans.delete(oldest);
    done(null, { current: span.count, ttl: milliseconds - (now - span.since) });
  }

  /** Each limit counts for itself. */
  child(): SteadyCounts {
    return new SteadyCounts();
  }
}
