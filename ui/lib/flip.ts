/** First, last, invert, play: lets what has changed its place slide there from where it was. */
const SETTLE_MS = 200;
const EASE = 'cubic-bezier(0.22, 0.8, 0.3, 1)';

export type Places = ReadonlyMap<string, number>;

const keyed = (container: ParentNode): HTMLElement[] => [...container.querySelectorAll<HTMLElement>('[data-key]')];

/** Where everything with a `data-key` is across the screen, before it changes. */
export const placesOf = (container: ParentNode): Places =>
  new Map(keyed(container).map(element => [element.dataset.key!, element.getBoundingClientRect().left]));

/** After the change: what stayed slides, what is new fades in; nothing moves where less motion was asked for. */
export function slideFrom(before: Places, container: ParentNode): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const options = { duration: SETTLE_MS, easing: EASE };
  // All places are read before anything is animated, so that the page is laid out once.
  const moves = keyed(container).map(element => ({ element, left: element.getBoundingClientRect().left }));
  for (const { element, left } of moves) {
    const from = before.get(element.dataset.key!);
    if (from === undefined) {
      element.animate(
        [
          { opacity: 0, transform: 'translateY(-0.75rem)' },
          { opacity: 1, transform: 'none' },
        ],
        options,
      );
    } else if (Math.abs(from - left) > 1) {
      element.animate([{ transform: `translateX(${from - left}px)` }, { transform: 'none' }], options);
    }
  }
}
