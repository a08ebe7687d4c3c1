/** A garment, drawn. */
import { Drawing } from './drawing.ts';
import type { Garment } from './garment.ts';
import type { Box } from './geometry.ts';
import type { Kind } from './kind.ts';
import { KINDS } from './kinds/index.ts';

/** All of a garment that is seen. */
export type Drawable = Omit<Garment, 'scores'>;

function laidOut(garment: Drawable): { drawing: Drawing; cut: Kind } {
  const cut: Kind = KINDS[garment.kind];
  const drawing = new Drawing(garment.fabric);
  cut.draw(drawing, garment.measures as Record<string, number>, garment.style);
  return { drawing, cut };
}

/**
 * The picture of a garment, lying flat, its front up, cut out and centred.
 * @param size width and height, px.
 * @returns an SVG document, the same for the same garment.
 */
export function drawGarment(garment: Drawable, size = 512): string {
  const { drawing, cut } = laidOut(garment);
  return drawing.svg(cut.scale, size);
}

/** Extent of a garment in px of the 512 px picture. */
export function extentOf(garment: Drawable): { width: number; height: number } {
  const { drawing, cut } = laidOut(garment);
  const box: Box = drawing.box;
  return { width: (box.right - box.left) * cut.scale, height: (box.bottom - box.top) * cut.scale };
}
