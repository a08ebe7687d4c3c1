/** Sheets of garments, for the eye: a row a kind, or all kinds as they come. */
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { Dice } from './dice.ts';
import { drawGarment } from './draw.ts';
import { throwGarment } from './garment.ts';
import type { KindName } from './kinds/index.ts';
import { inOrder } from './render.ts';

/** The kiosk's paper. */
const PAPER = '#faf7f2';

export interface SheetOptions {
  readonly seed: number;
  readonly count: number;
  readonly across: number;
  /** Side of a garment, px. */
  readonly cell: number;
  /** Row after row of these kinds; left out, all of them mixed. */
  readonly kinds?: readonly KindName[];
  readonly colours?: 'card' | 'any';
}

/** A picture of many garments on paper, `across` * `cell` px wide. */
export async function sheetOf({ seed, count, across, cell, kinds, colours = 'card' }: SheetOptions): Promise<Sharp> {
  const tiles: OverlayOptions[] = [];
  await inOrder(
    count,
    async place => {
      const kind = kinds?.[Math.floor(place / across) % kinds.length];
      const garment = throwGarment(new Dice(`${seed}/${place}`), { colours, ...(kind && { kind }) });
      return await sharp(Buffer.from(drawGarment(garment, cell)))
        .png()
        .toBuffer();
    },
    (input, place) => {
      tiles.push({ input, left: (place % across) * cell, top: Math.floor(place / across) * cell });
    },
  );
  const size = { width: across * cell, height: Math.ceil(count / across) * cell };
  return sharp({ create: { ...size, channels: 3, background: PAPER } }).composite(tiles);
}
