import type { Frames } from '../state/glide.ts';

const reduced = matchMedia('(prefers-reduced-motion: reduce)');

/** The frames of this screen. */
export const frames: Frames = {
  get reduced() {
    return reduced.matches;
  },
  next: run => requestAnimationFrame(run),
  cancel: frame => cancelAnimationFrame(frame as number),
};
