/** Chance that is the same on every machine: each purpose throws its own dice, so that one more throw moves no other. */

/** FNV-1a over UTF-16 code units, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state >>> 0;
}

export class Dice {
  readonly #name: string;
  #state: number;

  /** @param name what the throws are for, such as `7/tee/colour`: equal names throw alike. */
  constructor(name: string) {
    this.#name = name;
    this.#state = hash(name);
  }

  /** Dice for a part of the purpose, not dependent on throws so far. */
  for(part: string): Dice {
    return new Dice(`${this.#name}/${part}`);
  }

  /** In [0, 1). Tommy Ettinger's mulberry32. */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** 0 .. count - 1. */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One of the keys, as often as its weight says. */
  pick<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    const entries = Object.entries<number | undefined>(weights) as [K, number | undefined][];
    let rest = this.uniform() * entries.reduce((sum, [, weight]) => sum + (weight ?? 0), 0);
    for (const [key, weight] of entries) {
      rest -= weight ?? 0;
      if (rest < 0) return key;
    }
    return entries.at(-1)![0];
  }

  one<T>(items: readonly T[]): T {
    return items[this.integer(items.length)]!;
  }
}
