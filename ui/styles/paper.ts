import type { Rgb } from '../lib/accent.ts';

/** The paper everything lies on; the accent keeps its contrast to it. */
export const PAPER: Rgb = [250, 247, 242];
