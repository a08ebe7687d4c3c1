/** How much the longest of the slow tests do: all of it, unless less is asked for. */

export const SHARE_VARIABLE = 'LOOKDIAL_TEST_ONE_OF';

/** One of so many: what `npm test -- --slow --one-of=4` says; 1 where nothing is said. @throws RangeError */
export function oneOf(written = process.env[SHARE_VARIABLE] ?? '1'): number {
  if (/^[1-9]\d{0,2}$/.test(written)) return Number(written);
  throw new RangeError(`--one-of=${written}: it must be a whole number from 1 to 999, and 1 is all of it.`);
}
