/** What one thread is asked of a search, and what it answers. */

export interface ScanOptions {
  /** Starts from the last answer: right for a drag, and right for anything else, but then of no help. */
  readonly warm?: boolean;
}

/** One thread's part of an answer. */
export interface Part {
  /** Its best rows and their scores under the order's metric, best first, ties in the order of SKUs. */
  readonly rows: number[];
  readonly scores: number[];
  /** log of its part of the sums of likelihoods: over the garments allowed, and over the whole store. */
  readonly shareSum: number;
  readonly typicalSum: number;
  /** How many garments were allowed. */
  readonly considered: number;
  /** How far it had to look: garments that the codes let pass, and of those the ones scored in float64. */
  readonly passed: number;
  readonly scored: number;
}

/** Nobody waits for the answer any more. */
export class SearchCancelled extends Error {
  constructor() {
    super('A newer query took the place of this one.');
    this.name = 'SearchCancelled';
  }
}
