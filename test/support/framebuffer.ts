/** What is on a screen that Xvfb keeps in a file (-fbdir), which is of the format of xwd: XWDFile.h. */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

export interface Shown {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel, line by line. */
  readonly rgb: Uint8Array;
}

/** Big-endian words of the header: its length, width, height, bits of a pixel, bytes of a line, colours that follow it. */
const WORDS = { length: 0, width: 4, height: 5, bits: 11, line: 12, colours: 19 } as const;
const COLOUR_BYTES = 12;

/** @throws Error where a pixel is not of 32 bits */
export async function readScreen(path: string): Promise<Shown> {
  const file = await readFile(path);
  const word = (name: keyof typeof WORDS): number => file.readUInt32BE(4 * WORDS[name]);
  const [width, height, line] = [word('width'), word('height'), word('line')];
  if (word('bits') !== 32) throw new Error(`${path} has ${word('bits')} bits a pixel, expected 32.`);
  const begin = word('length') + COLOUR_BYTES * word('colours');
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = begin + y * line + 4 * x;
      const to = 3 * (y * width + x);
      // Blue comes first.
      for (let channel = 0; channel < 3; channel += 1) rgb[to + channel] = file[from + 2 - channel] ?? 0;
    }
  }
  return { width, height, rgb };
}

/** How many pixels are of the kiosk's paper, a warm white, and how many of its ink. A page of the browser's own is of neither. */
export function paperAndInk({ rgb }: Shown): { paper: number; ink: number } {
  let [paper, ink] = [0, 0];
  for (let at = 0; at < rgb.length; at += 3) {
    const [red = 0, green = 0, blue = 0] = rgb.subarray(at, at + 3);
    const warmth = red - blue;
    if (red >= 245 && green >= 240 && blue >= 235 && warmth >= 2 && warmth <= 12) paper += 1;
    else if (red >= 20 && red <= 60 && warmth >= 2 && warmth <= 12) ink += 1;
  }
  return { paper, ink };
}

/** Until there is ink on paper. @throws Error with what there is instead */
export async function seePaper(path: string, withinMs: number): Promise<Shown> {
  const end = performance.now() + withinMs;
  for (;;) {
    const shown = await readScreen(path);
    const { paper, ink } = paperAndInk(shown);
    if (paper > 300_000 && ink > 1_000) return shown;
    if (performance.now() > end)
      throw new Error(`There are ${paper} pixels of paper on the screen, and ${ink} of ink.`);
    await wait(500);
  }
}
