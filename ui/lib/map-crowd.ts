import { SHEET, type Sheet } from './map-answer.ts';
import type { Spot } from './map-camera.ts';

/** Widest room that a picture is ever given, in units of the sheet, and how it narrows from one level to the next. */
const WIDEST = SHEET / 4;
const NARROWING = 2 ** 0.25;
const LEVELS = 40;
/** Garments a cell of the grid, on average, and most cells along a side. */
const A_CELL = 8;
const MOST_ACROSS = 256;

/** Garments in cells of a grid, to be found by where they lie. */
class Cells {
  readonly #side: number;
  readonly #across: number;
  /** Where the members of each cell begin in `#members`. */
  readonly #starts: Uint32Array;
  readonly #members: Uint32Array;

  constructor(xy: Sheet['xy'], count: number) {
    const across = Math.min(MOST_ACROSS, Math.max(1, Math.ceil(Math.sqrt(count / A_CELL))));
    this.#side = SHEET / across;
    // A sheet may be drawn out.
    this.#across = 2 * across;
    const cells = Uint32Array.from({ length: count }, (_, garment) =>
      this.#cell(this.#clip(xy[2 * garment]!), this.#clip(xy[2 * garment + 1]!)),
    );
    this.#starts = new Uint32Array(this.#across ** 2 + 1);
    for (const cell of cells) this.#starts[cell + 1]! += 1;
    for (let cell = 0; cell < this.#across ** 2; cell++) this.#starts[cell + 1]! += this.#starts[cell]!;
    const ends = this.#starts.slice();
    this.#members = new Uint32Array(count);
    cells.forEach((cell, garment) => {
      this.#members[ends[cell]!++] = garment;
    });
  }

  /** The garments with the most room come first in their cells from now on. */
  sort(room: Float64Array): void {
    for (let cell = 0; cell < this.#across ** 2; cell++) {
      this.#members.subarray(this.#starts[cell], this.#starts[cell + 1]).sort((a, b) => room[b]! - room[a]! || a - b);
    }
  }

  /** Calls `see` with each garment of the cells that touch the rectangle; of a cell no more where it returns false. */
  each(left: number, top: number, right: number, bottom: number, see: (garment: number) => boolean): void {
    const [first, last] = [this.#clip(left), this.#clip(right)];
    for (let row = this.#clip(top); row <= this.#clip(bottom); row++) {
      for (let column = first; column <= last; column++) {
        const cell = this.#cell(column, row);
        const end = this.#starts[cell + 1]!;
        for (let at = this.#starts[cell]!; at < end; at++) if (!see(this.#members[at]!)) break;
      }
    }
  }

  #clip(value: number): number {
    return Math.min(this.#across - 1, Math.max(0, Math.floor(value / this.#side)));
  }

  #cell(column: number, row: number): number {
    return column + this.#across * row;
  }
}

/** Of each garment how much room it has, so that the closer one looks the more are shown, and none comes and goes twice. */
export class Crowd {
  readonly #sheet: Sheet;
  readonly #cells: Cells;
  /** Room of each garment on the sheet: nothing that is shown before it lies nearer. */
  readonly room: Float64Array;

  constructor(sheet: Sheet) {
    this.#sheet = sheet;
    const { xy, skus } = sheet;
    this.room = new Float64Array(skus.length);
    this.#cells = new Cells(xy, skus.length);
    this.#rank();
    this.#cells.sort(this.room);
  }

  /** Calls `see` with the garments of a part of the sheet that have so much room. */
  within(left: number, top: number, right: number, bottom: number, room: number, see: (garment: number) => void): void {
    const { xy } = this.#sheet;
    this.#cells.each(left, top, right, bottom, garment => {
      if (this.room[garment]! < room) return false;
      const [x, y] = [xy[2 * garment]!, xy[2 * garment + 1]!];
      if (x >= left && x <= right && y >= top && y <= bottom) see(garment);
      return true;
    });
  }

  /** The garment nearest to a point of the sheet that passes the filter; -1 where none lies within `reach`. */
  nearest({ x, y }: Spot, reach: number): number {
    const { xy, passes } = this.#sheet;
    let best = { garment: -1, apart: reach };
    this.#cells.each(x - reach, y - reach, x + reach, y + reach, garment => {
      const apart = Math.hypot(xy[2 * garment]! - x, xy[2 * garment + 1]! - y);
      if (passes[garment] === 1 && apart <= best.apart) best = { garment, apart };
      return true;
    });
    return best.garment;
  }

  /**
   * The places' own garments first, then the others in rounds of less and less room; those that pass the filter before the rest.
   * Who is shown tells those around how near it is, within the room it has: to be asked whether one has room is then to look at
   * one number, and a hundred thousand garments are ranked while one waits.
   */
  #rank(): void {
    const { skus, places, passes } = this.#sheet;
    const apart = new Float64Array(skus.length).fill(Number.POSITIVE_INFINITY);
    const standing = new Set(places.flatMap(({ sku }) => sku ?? []));
    skus.forEach((sku, garment) => {
      if (standing.has(sku)) this.#admit(garment, WIDEST, apart);
    });
    for (const passing of [1, 0]) {
      let waiting = [...skus.keys()].filter(garment => passes[garment] === passing && this.room[garment] === 0);
      let room = WIDEST;
      for (let level = 0; level < LEVELS && waiting.length > 0; level++) {
        waiting = waiting.filter(garment => {
          if (apart[garment]! < room) return true;
          this.#admit(garment, room, apart);
          return false;
        });
        room /= NARROWING;
      }
      for (const garment of waiting) this.room[garment] = room;
    }
  }

  /** @param apart of each garment how far the nearest is that is shown, as far as one has said so */
  #admit(garment: number, room: number, apart: Float64Array): void {
    const { xy } = this.#sheet;
    const [x, y] = [xy[2 * garment]!, xy[2 * garment + 1]!];
    this.room[garment] = room;
    this.#cells.each(x - room, y - room, x + room, y + room, other => {
      const [right, down] = [xy[2 * other]! - x, xy[2 * other + 1]! - y];
      apart[other] = Math.min(apart[other]!, Math.sqrt(right * right + down * down));
      return true;
    });
  }
}
