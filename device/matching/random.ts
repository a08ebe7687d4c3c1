/**
 * A seeded source of numbers: the same seed gives the same draws on every machine. sfc32 (Chris Doty-Humphrey's PractRand),
 * its state filled by twelve rounds of itself. For surprise, clustering and evaluation; never for secrets.
 */
export class Random {
  #a: number;
  #b: number;
  #c = 0;
  #counter = 1;
  #spare: number | undefined;

  /** @param seed any finite number; the 64 bits of its integer part are what counts */
  constructor(seed: number) {
    const whole = Math.floor(seed);
    this.#a = whole | 0;
    this.#b = Math.floor(whole / 2 ** 32) | 0;
    for (let round = 0; round < 12; round += 1) this.#bits();
  }

  /** 32 random bits, 0 to 2^32 - 1. */
  #bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return (this.#bits() * 2 ** 21 + (this.#bits() >>> 11)) / 2 ** 53;
  }

  /** A whole number, 0 to n - 1, each as likely as the others. @param n 1 to 2^32 */
  integer(n: number): number {
    const limit = 2 ** 32 - (2 ** 32 % n);
    let drawn = this.#bits();
    while (drawn >= limit) drawn = this.#bits();
    return drawn % n;
  }

  /** Standard normal, by the polar method (Marsaglia & Bray 1964). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.#spare = y * scale;
        return x * scale;
      }
    }
  }

  /** `count` different whole numbers out of 0 to n - 1, ascending (selection sampling, Knuth 3.4.2 S). */
  sample(count: number, n: number): number[] {
    const taken: number[] = [];
    for (let candidate = 0; candidate < n && taken.length < count; candidate += 1) {
      if (this.uniform() * (n - candidate) < count - taken.length) taken.push(candidate);
    }
    return taken;
  }
}
