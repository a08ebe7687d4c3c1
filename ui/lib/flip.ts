/** First, last, invert, play: lets what has changed its place in a row slide there from where it was. */
const SETTLE_MS = 200;
const EASE = 'cubic-bezier(0.22, 0.8, 0.3, 1)';

/**
 * After the change: what stayed slides, what is new fades in; nothing moves where less motion was asked for. Nothing is measured,
 * for which the page would have to be laid out, twice, while somebody waits for the matches: the row's steps are equal.
 * @param keys Of what is there now, by its elements. @param before The keys as they were, in their order.
 * @param scrolled How far the row had been pushed, CSS pixels, as `scrollLeft` says it. The row's style has `--step`.
 */
export function slideFrom(
  before: readonly string[],
  elements: ReadonlyMap<string, HTMLElement>,
  scrolled: number,
): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const options = { duration: SETTLE_MS, easing: EASE };
  const places = new Map(before.map((key, place) => [key, place]));
  let place = 0;
  for (const [key, element] of elements) {
    const steps = (places.get(key) ?? Number.NaN) - place++;
    if (Number.isNaN(steps)) {
      element.animate(
        [
          { opacity: 0, transform: 'translateY(-0.75rem)' },
          { opacity: 1, transform: 'none' },
        ],
        options,
      );
    } else if (steps !== 0 || scrolled !== 0) {
      const from = `translateX(calc(${steps} * var(--step) * var(--forth) - ${scrolled}px))`;
      element.animate([{ transform: from }, { transform: 'none' }], options);
    }
  }
}
