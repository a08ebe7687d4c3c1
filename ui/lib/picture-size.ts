/** The longer sides in which the box has pictures, pixels, as device/api/thumbnails.ts says. */
export const PICTURE_SIZES = [160, 240, 320, 640, 1_280] as const;

/** How much of its picture's side a garment takes, about: the rest is ground, which is cut off. */
const GARMENT_PART = 0.75;

/**
 * Where the picture of a garment is, no larger than it takes.
 * @param image the picture's address
 * @param pixels side of the square that the garment fills without its ground, about, in pixels of the screen
 */
export function sizedImage(image: string, pixels: number): string {
  const needed = pixels / GARMENT_PART;
  const size = PICTURE_SIZES.find(known => known >= needed) ?? PICTURE_SIZES.at(-1);
  return `${image}${image.includes('?') ? '&' : '?'}size=${size}`;
}
