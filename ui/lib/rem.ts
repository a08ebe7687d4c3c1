let pixels: number | undefined;

/** Pixels of the screen in a rem. To ask the browser each time would make it work out all its styles. */
export function pixelsPerRem(): number {
  if (pixels === undefined) {
    pixels = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * devicePixelRatio;
    addEventListener('resize', () => (pixels = undefined), { once: true });
  }
  return pixels;
}
