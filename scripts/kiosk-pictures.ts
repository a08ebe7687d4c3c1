/**
 * Takes the pictures of the kiosk in docs/pictures: `node scripts/kiosk-pictures.ts ADDRESS SKU...`, with a running daemon's
 * address and the garments to start from, one after the other; the last is the one on the stage. Upright and lying.
 */
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { launchBrowser } from '../test/support/browser.ts';
import { settled } from '../test/support/browser-page.ts';
import { isOursToShow } from './demonstration.ts';

const FOLDER = resolve(import.meta.dirname, '../docs/pictures');
const SCREENS = { portrait: { width: 1080, height: 1920 }, landscape: { width: 1920, height: 1080 } };
const GLIDE_MS = 1_000;
const FADE_MS = 1_500;
const LONGEST_S = 60;

/** A garment becomes another, the rail follows, and what is at rest is drawn once more, larger. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(GLIDE_MS);
  if (!(await settled(page, LONGEST_S))) throw new Error(`The kiosk has not come to rest within ${LONGEST_S} s.`);
  await page.waitForTimeout(FADE_MS);
}

async function main(): Promise<void> {
  const [address, ...skus] = process.argv.slice(2);
  if (address === undefined || skus.length === 0) {
    console.error('Say which daemon and which garments: node scripts/kiosk-pictures.ts http://127.0.0.1:8080/ SKU SKU');
    process.exitCode = 1;
    return;
  }
  if (!(await isOursToShow(address))) return;
  const browser = await launchBrowser({ webgl: false });
  try {
    for (const [name, viewport] of Object.entries(SCREENS)) {
      const page = await browser.newPage({ viewport, hasTouch: true });
      await page.goto(new URL('?lang=en&idle=off', address).href);
      await page.locator('ld-design').evaluate(view => Reflect.get(view, 'session').pick(false));
      await page.locator('ld-design ld-hanger').first().waitFor();
      for (const sku of skus) {
        await page.locator('ld-design').evaluate((view, from) => Reflect.get(view, 'session').startFrom(from), sku);
        await settle(page);
      }
      const file = join(FOLDER, `kiosk-${name}.png`);
      await sharp(await page.screenshot())
        .png({ compressionLevel: 9, effort: 10 })
        .toFile(file);
      console.log(file);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

await main();
