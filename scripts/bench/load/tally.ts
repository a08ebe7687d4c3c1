/** What was asked, how long each answer took and what failed. */
import { quantile } from '../measure.ts';

/** So many different failures are kept in words. */
const MOST_FAILURES = 5;

export interface Calls {
  readonly call: string;
  readonly answered: number;
  readonly failed: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

/** From when to before when, performance.now() times. */
export type Span = readonly [from: number, to: number];

interface Timed {
  readonly at: number;
  readonly took: number;
}

export class Tally {
  readonly failures = new Map<string, number>();
  /** Depends on every answer. */
  sink = 0;
  readonly #answers = new Map<string, Timed[]>();
  readonly #failed = new Map<string, number>();

  /** Times one call. A failure is counted and told of later: it does not throw. */
  async time(call: string, run: () => Promise<Uint8Array>): Promise<void> {
    const began = performance.now();
    try {
      const bytes = await run();
      this.sink += bytes.at(-2) ?? 0;
      const answers = this.#answers.get(call) ?? [];
      this.#answers.set(call, answers);
      answers.push({ at: began, took: performance.now() - began });
    } catch (error) {
      this.#failed.set(call, (this.#failed.get(call) ?? 0) + 1);
      const { message } = error as Error;
      if (this.failures.has(message) || this.failures.size < MOST_FAILURES) {
        this.failures.set(message, (this.failures.get(message) ?? 0) + 1);
      }
    }
  }

  get errors(): number {
    return [...this.#failed.values()].reduce((sum, failed) => sum + failed, 0);
  }

  /** Of one call, what began within one of these spans. */
  of(call: string, ...spans: readonly Span[]): Calls {
    const within = (at: number): boolean => spans.length === 0 || spans.some(([from, to]) => at >= from && at < to);
    const took = (this.#answers.get(call) ?? []).filter(({ at }) => within(at)).map(one => one.took);
    took.sort((a, b) => a - b);
    const timed = { p50: quantile(took, 0.5), p99: quantile(took, 0.99), longest: quantile(took, 1) };
    return { call, answered: took.length, failed: this.#failed.get(call) ?? 0, ...timed };
  }

  get all(): Calls[] {
    return [...new Set([...this.#answers.keys(), ...this.#failed.keys()])].sort().map(call => this.of(call));
  }
}
