import { SHEET, type Sheet } from './map-answer.ts';
import type { Spot } from './map-camera.ts';

/** Widest room that a picture is ever given, in units of the sheet, and how it narrows from one level to the next. */
const WIDEST = SHEET / 4;
const NARROWING = 2 ** 0.25;
const LEVELS = 40;

/** Garments in cells of a grid, to be found by where they lie. */
class Cells {
  readonly #side: number;
  readonly #across: number;
  readonly #members = new Map<number, number[]>();

  constructor(side: number) {
    this.#side = side;
    this.#across = Math.ceil((2 * SHEET) / side) + 1;
  }

  add(garment: number, x: number, y: number): void {
    const cell = this.#cell(x, y);
    const members = this.#members.get(cell);
    if (members === undefined) this.#members.set(cell, [garment]);
    else members.push(garment);
  }

  /** Calls `see` with each garment of the cells that touch the rectangle, until it returns true. @returns whether it did */
  some(left: number, top: number, right: number, bottom: number, see: (garment: number) => boolean): boolean {
    const clip = (value: number): number => Math.min(this.#across - 1, Math.max(0, Math.floor(value / this.#side)));
    for (let row = clip(top); row <= clip(bottom); row++) {
      for (let column = clip(left); column <= clip(right); column++) {
        if (this.#members.get(column + this.#across * row)?.some(see)) return true;
      }
    }
    return false;
  }

  #cell(x: number, y: number): number {
    return Math.floor(x / this.#side) + this.#across * Math.floor(y / this.#side);
  }
}

/** Of each garment how much room it has, so that the closer one looks the more are shown, and none comes and goes twice. */
export class Crowd {
  readonly #sheet: Sheet;
  readonly #cells = new Cells(SHEET / 64);
  /** Room of each garment on the sheet: nothing that is shown before it lies nearer. */
  readonly room: Float64Array;

  constructor(sheet: Sheet) {
    this.#sheet = sheet;
    const { xy, skus } = sheet;
    this.room = new Float64Array(skus.length);
    for (let garment = 0; garment < skus.length; garment++)
      this.#cells.add(garment, xy[2 * garment]!, xy[2 * garment + 1]!);
    this.#rank();
  }

  /** Calls `see` with the garments of a part of the sheet that have so much room. */
  within(left: number, top: number, right: number, bottom: number, room: number, see: (garment: number) => void): void {
    const { xy } = this.#sheet;
    this.#cells.some(left, top, right, bottom, garment => {
      const [x, y] = [xy[2 * garment]!, xy[2 * garment + 1]!];
      if (this.room[garment]! >= room && x >= left && x <= right && y >= top && y <= bottom) see(garment);
      return false;
    });
  }

  /** The garment nearest to a point of the sheet that passes the filter; -1 where none lies within `reach`. */
  nearest({ x, y }: Spot, reach: number): number {
    const { xy, passes } = this.#sheet;
    let best = { garment: -1, apart: reach };
    this.#cells.some(x - reach, y - reach, x + reach, y + reach, garment => {
      const apart = Math.hypot(xy[2 * garment]! - x, xy[2 * garment + 1]! - y);
      if (passes[garment] === 1 && apart <= best.apart) best = { garment, apart };
      return false;
    });
    return best.garment;
  }

  /** The places' own garments first, then the others in rounds of less and less room; those that pass the filter before the rest. */
  #rank(): void {
    const { skus, places, passes } = this.#sheet;
    const standing = new Set(places.flatMap(({ sku }) => sku ?? []));
    const shown = [...skus.keys()].filter(garment => standing.has(skus[garment]!));
    for (const garment of shown) this.room[garment] = WIDEST;
    for (const passing of [1, 0]) {
      let waiting = [...skus.keys()].filter(garment => passes[garment] === passing && this.room[garment] === 0);
      let room = WIDEST;
      for (let level = 0; level < LEVELS && waiting.length > 0; level++) {
        waiting = this.#admit(waiting, shown, room);
        room /= NARROWING;
      }
      for (const garment of waiting) this.room[garment] = room;
    }
  }

  /** @returns those that have no room yet */
  #admit(waiting: readonly number[], shown: number[], room: number): number[] {
    const { xy } = this.#sheet;
    const cells = new Cells(room);
    for (const garment of shown) cells.add(garment, xy[2 * garment]!, xy[2 * garment + 1]!);
    return waiting.filter(garment => {
      const [x, y] = [xy[2 * garment]!, xy[2 * garment + 1]!];
      const crowded = cells.some(x - room, y - room, x + room, y + room, other => {
        return Math.hypot(xy[2 * other]! - x, xy[2 * other + 1]! - y) < room;
      });
      if (crowded) return true;
      this.room[garment] = room;
      shown.push(garment);
      cells.add(garment, x, y);
      return false;
    });
  }
}
