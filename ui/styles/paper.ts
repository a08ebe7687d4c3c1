import type { Rgb } from '../lib/accent.ts';

/** The darkest of the papers that words lie on (the foot of the page is in a little shade): the accent keeps its contrast to it. */
export const PAPER: Rgb = [243, 237, 226];

/** The same by day, and the lightest of the papers in a dark room. */
export const PAPERS: Readonly<Record<'light' | 'dark', Rgb>> = { light: PAPER, dark: [58, 52, 43] };
