import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { it } from 'node:test';

const GARMENTS = 200_000;
const LATENT_DIM = 16;
/** Objects of so many garments would not fit in a heap of so many MiB. */
const HEAP = 48;
/** What the heap and the allocator may hold beside the columns, bytes. */
const SLACK = 64e6;

it(`an index of ${GARMENTS} garments is built in three times its own size, and a heap that holds no garments`, t => {
  const script = resolve(import.meta.dirname, '../matching/stream-index.ts');
  const told = execFileSync(
    process.execPath,
    [`--max-old-space-size=${HEAP}`, script, String(GARMENTS), String(LATENT_DIM)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const { fileBytes, grown } = JSON.parse(told) as { fileBytes: number; grown: number };
  t.diagnostic(`file ${Math.round(fileBytes / 1e6)} MB, memory ${Math.round(grown / 1e6)} MB`);
  assert.ok(fileBytes > GARMENTS * LATENT_DIM * 8);
  assert.ok(grown < 3 * fileBytes + SLACK, `${grown} bytes for a file of ${fileBytes}`);
});
