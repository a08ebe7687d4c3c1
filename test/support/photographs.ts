/** Photographs for tests: a garment of known outline, drawn on grounds such as a store has. */
import sharp from 'sharp';

export interface Photograph {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  /** One byte a pixel of the photograph: 255 where it is garment. */
  readonly truth: Uint8Array;
}

const WIDTH = 600;
const HEIGHT = 800;

export type Ground = 'planks' | 'tiles' | 'carpet' | 'paper';

/** A shirt's outline, in a box of 100 x 100 at (x, y), `scale` pixels a unit. */
const outline = (x: number, y: number, scale: number): string => {
  const points = [
    [36, 6],
    [44, 10],
    [56, 10],
    [64, 6],
    [84, 14],
    [98, 44],
    [84, 50],
    [76, 36],
    [76, 94],
    [24, 94],
    [24, 36],
    [16, 50],
    [2, 44],
    [16, 14],
  ] as const;
  return points.map(([u, v]) => `${x + u * scale},${y + v * scale}`).join(' ');
};

/** The ground's shapes; each place of it a little different, and always the same. */
function groundShapes(ground: Ground): string {
  const shapes: string[] = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${ground === 'paper' ? '#fff' : '#8a7f70'}"/>`,
  ];
  const rect = (x: number, y: number, w: number, h: number, fill: string): void => {
    shapes.push(`<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}"/>`);
  };
  if (ground === 'planks') {
    for (let i = 0; i < 12; i += 1)
      rect(i * 50, 0, 48, HEIGHT, `hsl(${28 + ((i * 7) % 9)}, ${30 + ((i * 13) % 20)}%, ${38 + ((i * 29) % 14)}%)`);
  }
  if (ground === 'tiles') {
    for (let i = 0; i < 48; i += 1) {
      rect((i % 6) * 100, Math.floor(i / 6) * 100, 97, 97, `hsl(205, 8%, ${66 + ((i * 7) % 10)}%)`);
    }
  }
  if (ground === 'carpet') {
    for (let i = 0; i < 1200; i += 1) {
      rect(
        (i * 197) % WIDTH,
        (i * 331) % HEIGHT,
        14,
        14,
        `hsl(${95 + ((i * 17) % 30)}, 25%, ${42 + ((i * 23) % 16)}%)`,
      );
    }
  }
  return shapes.join('');
}

const svg = (shapes: string): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${shapes}</svg>`);

export interface PhotographOptions {
  readonly ground?: Ground;
  readonly colour?: string;
  /** Pixels a hundredth of the garment's box. */
  readonly scale?: number;
  /** Where its box begins, pixels; in the middle unless said otherwise. */
  readonly at?: readonly [x: number, y: number];
  readonly format?: 'jpeg' | 'png' | 'webp';
}

/** A shirt with a stripe on it, 600 x 800. */
export async function photograph(options: PhotographOptions = {}): Promise<Photograph> {
  const { ground = 'planks', colour = '#24508f', scale = 4.4, format = 'jpeg' } = options;
  const [x, y] = options.at ?? [(WIDTH - 100 * scale) / 2, (HEIGHT - 100 * scale) / 2];
  const points = outline(x, y, scale);
  const stripe = `<rect x="${x + 24 * scale}" y="${y + 55 * scale}" width="${52 * scale}" height="${6 * scale}" fill="white" opacity="0.35"/>`;
  const shapes = `${groundShapes(ground)}<polygon points="${points}" fill="${colour}"/>${stripe}`;
  const bytes = await sharp(svg(shapes)).flatten().toFormat(format).toBuffer();
  const mask = svg(
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="black"/><polygon points="${points}" fill="white"/>`,
  );
  const truth = await sharp(mask).removeAlpha().extractChannel(0).raw().toBuffer();
  return { bytes, width: WIDTH, height: HEIGHT, truth: truth.map(value => (value > 127 ? 255 : 0)) };
}

/** The ground alone. */
export const emptyGround = (ground: Ground): Promise<Buffer> =>
  sharp(svg(groundShapes(ground)))
    .jpeg()
    .toBuffer();
