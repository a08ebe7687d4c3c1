/** Reads QR codes with a reader that knows nothing of what wrote them. */
import * as jsqr from 'jsqr';

type Read = (pixels: Uint8ClampedArray, width: number, height: number) => { readonly data: string } | null;

// Its types are those of a module, and it is a function.
const read = jsqr.default as unknown as Read;

/** What the code in a picture says; undefined where none is found. @param rgba 4 bytes a pixel, rows from the top */
export const readCode = (rgba: Uint8ClampedArray, width: number, height: number): string | undefined =>
  read(rgba, width, height)?.data;
