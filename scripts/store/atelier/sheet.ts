/** Sheets of garments, for the eye. */
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { Dice } from './dice.ts';
import { drawGarment } from './draw.ts';
import { throwGarment } from './garment.ts';
import type { KindName } from './kinds/index.ts';

sharp.concurrency(Math.min(1, availableParallelism()));
const [, , out = '/work/atelier-out/s.png', kind, n = '100', cellText = '160', cols = '10', seed = '1', colours] = process.argv;
const cell = Number(cellText);
const count = Number(n);
const across = Number(cols);
let writing = 0;
let rendering = 0;
const tiles: { input: Buffer; left: number; top: number }[] = [];
for (let i = 0; i < count; i++) {
  const t0 = performance.now();
  const kinds = kind!.split(',');
  const garment = throwGarment(new Dice(`${seed}/${i}`), { ...(kind && kind !== 'all' ? { kind: kinds[Math.floor(i / across) % kinds.length] as KindName } : {}), ...(colours ? { colours: 'any' as const } : {}) });
  const svg = drawGarment(garment, cell);
  writing += performance.now() - t0;
  const t1 = performance.now();
  const input = await sharp(Buffer.from(svg)).png().toBuffer();
  rendering += performance.now() - t1;
  tiles.push({ input, left: (i % across) * cell, top: Math.floor(i / across) * cell });
}
await sharp({ create: { width: across * cell, height: Math.ceil(count / across) * cell, channels: 3, background: '#faf7f2' } }).composite(tiles).png().toFile(out);
console.log(`${out}: written ${(writing / count).toFixed(2)} ms, rendered ${(rendering / count).toFixed(1)} ms each`);
