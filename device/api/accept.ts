/** Which of the types we can answer with the client prefers (RFC 9110, section 12.5.1). */

interface Range {
  readonly type: string;
  readonly quality: number;
}

const readRange = (written: string): Range => {
  const [type = '', ...parameters] = written.split(';').map(part => part.trim().toLowerCase());
  const quality = parameters.find(parameter => parameter.startsWith('q='));
  const value = quality === undefined ? 1 : Number(quality.slice(2));
  return { type, quality: Number.isFinite(value) ? value : 0 };
};

/** How exactly a range names a type: 3 for the type itself, 2 for `image/*`, 1 for anything, 0 for not at all. */
const exactness = (range: Range, type: string): number => {
  if (range.type === type) return 3;
  if (range.type === `${type.split('/')[0]}/*`) return 2;
  return range.type === '*/*' ? 1 : 0;
};

/**
 * The best of `offered`, which is in our own order of preference; undefined where the client takes none of them.
 * @param accept the header; left out, anything will do
 */
export function preferred<T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = accept.split(',').map(readRange);
  let best: { type: T; quality: number } | undefined;
  for (const type of offered) {
    const named = ranges.filter(range => exactness(range, type) > 0);
    const closest = named.sort((a, b) => exactness(b, type) - exactness(a, type))[0];
    const quality = closest?.quality ?? 0;
    if (quality > (best?.quality ?? 0)) best = { type, quality };
  }
  return best?.type;
}
