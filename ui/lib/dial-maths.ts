/** Where a dial stands, as a number in [-range, range], as a fraction of its track, and as one of a few words. */

/** Steps from one end of a dial to the other: fine enough for a finger, coarse enough to come back to a place. */
const STEPS = 200;
/** What one tap on - or + moves, as a part of the whole way. */
const TAP = 1 / 20;

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The setting at a place on the track; `fraction` runs from 0 (low end) to 1 (high end) and is clamped. */
export function valueAt(fraction: number, range: number): number {
  const steps = Math.round(clamp(fraction, 0, 1) * STEPS);
  return (steps / STEPS) * 2 * range - range;
}

/** The place on the track, 0..1. A setting beyond the end (a garment may lie there) stands at the end. */
export const fractionOf = (value: number, range: number): number => clamp((value + range) / (2 * range), 0, 1);

/** The setting after one tap on - (direction -1) or + (1). */
export const tapped = (value: number, direction: -1 | 1, range: number): number =>
  valueAt(fractionOf(value, range) + direction * TAP, range);

export const ZONES = ['middle', 'little', 'well', 'end'] as const;

export interface Place {
  readonly side: 'low' | 'high';
  readonly zone: (typeof ZONES)[number];
}

/** What a dial's setting is called, for those who hear it and do not see it. */
export function placeOf(value: number, range: number): Place {
  const part = Math.abs(value) / range;
  const zone = part < 0.06 ? 'middle' : part < 0.45 ? 'little' : part < 0.97 ? 'well' : 'end';
  return { side: value < 0 ? 'low' : 'high', zone };
}
