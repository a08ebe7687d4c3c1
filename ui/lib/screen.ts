/** What a finger needs, in millimetres. */
export const TARGET_MM = 20;

/** A 21.5" panel of 1080 x 1920 pixels, upright. */
export const DEFAULT_MM_PER_PX = 0.248;
const BOUNDS = { low: 0.04, high: 1 } as const;

/**
 * Millimetres a CSS pixel measures on this screen: `mmPerPx` in the page's address, since only the person who mounts the
 * screen knows. Nonsense falls back to the default.
 */
export function mmPerPx(search: string): number {
  const written = new URLSearchParams(search).get('mmPerPx');
  if (written === null || written.trim() === '') return DEFAULT_MM_PER_PX;
  const value = Number(written);
  return value >= BOUNDS.low && value <= BOUNDS.high ? value : DEFAULT_MM_PER_PX;
}

/** The least size of what one touches, CSS pixels. */
export const targetPx = (millimetresPerPixel: number): number => Math.round(TARGET_MM / millimetresPerPixel);

export const DRAWING = ['auto', 'webgl', 'canvas'] as const;
/** What draws the garment: `auto` takes WebGL where a graphics card does it, else plain code. */
export type Drawing = (typeof DRAWING)[number];

/** `draw` in the page's address, for a screen whose graphics driver is not to be trusted. */
export function drawing(search: string): Drawing {
  const written = new URLSearchParams(search).get('draw');
  return DRAWING.find(known => known === written) ?? 'auto';
}
