/**
 * The k best of many scored rows, without sorting or keeping the others: a binary heap with the worst kept row on top.
 * The larger score is the better; of equal scores the smaller row, which is the smaller SKU.
 */
export class TopK {
  readonly #scores: Float64Array;
  readonly #rows: Int32Array;
  #size = 0;

  /** @param k 1 and above; no more rows than that are kept */
  constructor(k: number) {
    this.#scores = new Float64Array(k);
    this.#rows = new Int32Array(k);
  }

  /** Offers a row; rows must be offered in ascending order for ties to fall to the smaller. */
  offer(score: number, row: number): void {
    if (this.#size < this.#scores.length) {
      this.#rise(this.#size, score, row);
      this.#size += 1;
    } else if (score > this.#scores[0]!) {
      this.#sink(score, row);
    }
  }

  /** The kept rows, best first. */
  rows(): number[] {
    const scores = this.#scores;
    return Array.from({ length: this.#size }, (_, place) => place)
      .sort((a, b) => scores[b]! - scores[a]! || this.#rows[a]! - this.#rows[b]!)
      .map(place => this.#rows[place]!);
  }

  /** Whether (score, row) is worse than what is at `place`. */
  #isWorse(score: number, row: number, place: number): boolean {
    const other = this.#scores[place]!;
    return score < other || (score === other && row > this.#rows[place]!);
  }

  #put(place: number, score: number, row: number): void {
    this.#scores[place] = score;
    this.#rows[place] = row;
  }

  #rise(from: number, score: number, row: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isWorse(score, row, parent)) break;
      this.#put(place, this.#scores[parent]!, this.#rows[parent]!);
      place = parent;
    }
    this.#put(place, score, row);
  }

  #sink(score: number, row: number): void {
    const size = this.#size;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && this.#isWorse(this.#scores[right]!, this.#rows[right]!, child)) child = right;
      if (this.#isWorse(score, row, child)) break;
      this.#put(place, this.#scores[child]!, this.#rows[child]!);
      place = child;
    }
    this.#put(place, score, row);
  }
}
