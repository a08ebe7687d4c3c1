import { blur } from './blur.ts';
import type { Room } from './room.ts';

/**
 * How a garment lies on the paper: light from the upper left, a tight shadow where it touches and a wide one around it.
 * Lengths are parts of the map's side.
 */
const NEAR = { blur: 0.01, strength: 0.34, x: 0.004, y: 0.01 } as const;
const WIDE = { blur: 0.025, strength: 0.3, x: 0.012, y: 0.036 } as const;
/** How much the cloth darkens as it rounds off towards its rim, and how far it is lit from one side. */
const ROUNDING = 0.16;
const SLANT = { strength: 0.11, reach: 0.012 } as const;

/** Colour of the shadow, sRGB bytes: a warm brown, as on warm paper. */
export const SHADOW = [74, 52, 30] as const;

export interface Light {
  /** Factor on the cloth's colour, about 1. */
  readonly cloth: Float32Array;
  /** How dark the paper is, 0..1. */
  readonly shadow: Float32Array;
}

/** @param coverage Where the garment is as it will be seen, 0..1, width x height; it is used up. */
export function lightOn(coverage: Float32Array, width: number, height: number, room: Room): Light {
  const wide = room.copy('wide shadow', coverage);
  const pixels = (part: number): number => Math.max(1, Math.round(part * width));
  blur(coverage, width, height, { radius: pixels(NEAR.blur), rounds: 3 }, room);
  blur(wide, width, height, { radius: pixels(WIDE.blur), rounds: 3 }, room);
  const moved = (map: Float32Array, x: number, y: number, dx: number, dy: number): number => {
    const column = x + dx;
    const row = y + dy;
    return column < 0 || row < 0 || column >= width || row >= height ? 0 : map[row * width + column]!;
  };
  const away = (part: number): number => -Math.round(part * width);
  const reach = pixels(SLANT.reach);
  const cloth = room.floats('light on the cloth', width * height);
  const shadow = room.floats('shadow', width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const rim = 1 - Math.min(1, Math.max(0, coverage[at]! * 2 - 1));
      const slant = moved(coverage, x, y, reach, reach) - moved(coverage, x, y, -reach, -reach);
      cloth[at] = 1 - ROUNDING * rim * rim + SLANT.strength * slant;
      const tight = NEAR.strength * moved(coverage, x, y, away(NEAR.x), away(NEAR.y));
      const soft = WIDE.strength * moved(wide, x, y, away(WIDE.x), away(WIDE.y));
      shadow[at] = 1 - (1 - tight) * (1 - soft);
    }
  }
  return { cloth, shadow };
}
