/** From a projection's numbers to places on a sheet: a square of 65,536 by 65,536, every garment with a little room of its own. */

/** The sheet's side; a position is a whole number below it. */
export const SIDE = 65_536;
/** Of the side left free on each edge. */
const MARGIN = 0.04;
/** Room between two garments, in parts of what each would have if all were spread evenly. */
const ROOM = 0.42;
/** Rounds in which garments that lie on each other are moved apart. */
const ROUNDS = 24;

/** @param positions x and y of each garment, in no unit @returns the same on the sheet */
export function layOut(positions: Float64Array): Uint16Array {
  const count = positions.length / 2;
  const [low, high] = [
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ];
  positions.forEach((value, at) => {
    low[at % 2] = Math.min(low[at % 2]!, value);
    high[at % 2] = Math.max(high[at % 2]!, value);
  });
  const reach = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) || 1;
  const scale = (1 - 2 * MARGIN) / reach;
  const onSheet = positions.map((value, at) => 0.5 + (value - (low[at % 2]! + high[at % 2]!) / 2) * scale);
  moveApart(onSheet, ROOM / Math.sqrt(Math.max(1, count)));
  return Uint16Array.from(onSheet, value => onto(value * SIDE));
}

/** A number as a position on the sheet. */
export const onto = (value: number): number => Math.min(SIDE - 1, Math.max(0, Math.round(value)));

/** Moves garments that lie nearer than `room` to each other apart, each by half of what is missing. */
function moveApart(positions: Float64Array, room: number): void {
  const count = positions.length / 2;
  const across = Math.max(1, Math.floor(1 / room));
  const cellOf = (value: number): number => Math.min(across - 1, Math.max(0, Math.floor(value * across)));
  for (let round = 0; round < ROUNDS; round += 1) {
    const cells = new Map<number, number[]>();
    for (let place = 0; place < count; place += 1) {
      const cell = cellOf(positions[2 * place]!) + across * cellOf(positions[2 * place + 1]!);
      const members = cells.get(cell);
      if (members === undefined) cells.set(cell, [place]);
      else members.push(place);
    }
    for (let place = 0; place < count; place += 1) {
      const [column, row] = [cellOf(positions[2 * place]!), cellOf(positions[2 * place + 1]!)];
      for (let down = Math.max(0, row - 1); down <= Math.min(across - 1, row + 1); down += 1) {
        for (let right = Math.max(0, column - 1); right <= Math.min(across - 1, column + 1); right += 1) {
          for (const other of cells.get(right + across * down) ?? []) {
            if (other > place) push(positions, place, other, room);
          }
        }
      }
    }
  }
}

function push(positions: Float64Array, one: number, other: number, room: number): void {
  let x = positions[2 * other]! - positions[2 * one]!;
  let y = positions[2 * other + 1]! - positions[2 * one + 1]!;
  let apart = Math.hypot(x, y);
  if (apart >= room) return;
  if (apart === 0) {
    // On the very same spot: each pair goes its own way, and the same way every time.
    [x, y] = [Math.cos(one + 2.4 * other), Math.sin(one + 2.4 * other)];
    apart = 1;
    [x, y] = [x * 1e-3 * room, y * 1e-3 * room];
    apart = 1e-3 * room;
  }
  const share = (room - apart) / apart / 4;
  positions[2 * one] = positions[2 * one]! - x * share;
  positions[2 * one + 1] = positions[2 * one + 1]! - y * share;
  positions[2 * other] = positions[2 * other]! + x * share;
  positions[2 * other + 1] = positions[2 * other + 1]! + y * share;
}

const GRID = 32;

/** Where garments lie the thickest: the middle of those in the fullest corner of a coarse grid. @param members places of garments, one at least */
export function thickestOf(xy: Uint16Array, members: readonly number[]): { x: number; y: number } {
  const cellOf = (value: number): number => Math.floor((value * GRID) / SIDE);
  const counts = new Float64Array(GRID * GRID);
  for (const place of members) {
    const cell = cellOf(xy[2 * place]!) + GRID * cellOf(xy[2 * place + 1]!);
    counts[cell] = counts[cell]! + 1;
  }
  const around = (column: number, row: number): number => {
    let sum = 0;
    for (let y = Math.max(0, row - 1); y <= Math.min(GRID - 1, row + 1); y += 1) {
      for (let x = Math.max(0, column - 1); x <= Math.min(GRID - 1, column + 1); x += 1) sum += counts[x + GRID * y]!;
    }
    return sum + counts[column + GRID * row]!;
  };
  let best = { column: 0, row: 0, sum: -1 };
  for (let row = 0; row < GRID; row += 1) {
    for (let column = 0; column < GRID; column += 1) {
      const sum = around(column, row);
      if (sum > best.sum) best = { column, row, sum };
    }
  }
  const near = members.filter(
    place =>
      Math.abs(cellOf(xy[2 * place]!) - best.column) <= 1 && Math.abs(cellOf(xy[2 * place + 1]!) - best.row) <= 1,
  );
  const mean = (axis: 0 | 1): number => near.reduce((sum, place) => sum + xy[2 * place + axis]!, 0) / near.length;
  return { x: onto(mean(0)), y: onto(mean(1)) };
}
