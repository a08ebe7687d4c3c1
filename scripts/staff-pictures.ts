/**
 * Takes the pictures of docs/staff.md: `node scripts/staff-pictures.ts ADDRESS PIN`, with a running daemon's address, that has
 * the demonstration collection and this PIN. What it adds to the store it takes out again.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import type { Items } from '../device/api/item-schemas.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { openScreen, PORTRAIT, pressCorner, typeDigits } from '../test/support/browser-page.ts';
import { isOursToShow } from './demonstration.ts';

const FOLDER = resolve(import.meta.dirname, '../docs/pictures');
const PHONE = { width: 390, height: 844 } as const;
const SKU = 'NEW-0001';
/** As a proxy says for whom it asks: the browser stands for a phone on the store's network. */
const FROM_THE_NETWORK = { 'x-forwarded-for': '192.0.2.7' };
const WIDE = 540;

/** The screen's upper third is empty: what one touches is where hands are. */
const LOWER = { x: 0, y: 640, width: PORTRAIT.width, height: PORTRAIT.height - 640 };

async function keep(page: Page, name: string, width?: number): Promise<void> {
  const file = join(FOLDER, `staff-${name}.webp`);
  await sharp(await page.screenshot({ animations: 'disabled', ...(width === undefined && { clip: LOWER }) }))
    .resize({ width: width ?? WIDE })
    .webp({ quality: 82, effort: 6 })
    .toFile(file);
  console.log(file);
}

/** One of the collection's drawings lying on boards, as it would be photographed. */
async function photographOf(address: string, folder: string): Promise<string> {
  const { items } = (await (await fetch(new URL('api/v1/items?category=Shirt&limit=1', address))).json()) as Items;
  const drawing = await (await fetch(new URL(items[0]?.image ?? '', address))).arrayBuffer();
  const garment = await sharp(Buffer.from(drawing)).resize({ width: 700, height: 700, fit: 'inside' }).toBuffer();
  const boards = Array.from(
    { length: 9 },
    (_, at) => `<rect x="${at * 112}" width="112" height="1300" fill="hsl(205, 12%, ${66 + ((at * 7) % 10)}%)"/>`,
  );
  const ground = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1300">${boards.join('')}</svg>`,
  );
  const file = join(folder, 'photograph.jpg');
  await sharp(ground)
    .composite([{ input: garment }])
    .jpeg()
    .toFile(file);
  return file;
}

/** At the screen: the PIN, and a code. @returns the code; the page stays open, for the phone to be let in */
async function atTheScreen(page: Page, pin: string): Promise<string> {
  await keep(page, 'pin');
  await typeDigits(page, pin);
  await page.getByRole('button', { name: /^Stock and garments/ }).tap();
  const code = page.locator('ld-staff .code');
  await code.waitFor();
  await keep(page, 'code');
  return ((await code.textContent()) ?? '').trim();
}

/** On the phone: a new garment, from the code to its cut-out. */
async function onThePhone(browser: Browser, address: string, code: string, photograph: string): Promise<void> {
  const screen = await openScreen(browser, address, { size: PHONE, headers: FROM_THE_NETWORK });
  const { page } = screen;
  await pressCorner(screen);
  await typeDigits(page, code);
  await page.getByRole('searchbox').waitFor();
  const ask = (method: string, written?: unknown): Promise<number> =>
    page.evaluate(
      async ([how, path, text]) => {
        const headers = { authorization: `Bearer ${localStorage.getItem('lookdial-key')}` };
        const body = text === undefined ? {} : { body: text };
        const type = text === undefined ? headers : { ...headers, 'content-type': 'application/json' };
        return (await fetch(path ?? '', { method: how ?? '', headers: type, ...body })).status;
      },
      [method, `/api/v1/items/${SKU}`, written === undefined ? undefined : JSON.stringify(written)] as const,
    );
  await ask('PUT', { title: 'Linen shirt', category: 'Shirt' });
  try {
    await page.getByRole('searchbox').fill('new');
    await page.locator('ld-garments .found button').filter({ hasText: SKU }).tap();
    await page.locator('ld-garments .camera').waitFor();
    await keep(page, 'garment', PHONE.width);
    const chooser = page.waitForEvent('filechooser');
    await page.locator('ld-garments .camera').tap();
    await (await chooser).setFiles(photograph);
    const cutout = page.locator('ld-garments .cutout');
    await cutout.waitFor({ timeout: 60_000 });
    await cutout.evaluate(image => (image as HTMLImageElement).decode());
    await keep(page, 'cutout', PHONE.width);
  } finally {
    await ask('DELETE');
    await screen.close();
  }
}

async function main(): Promise<void> {
  const [address, pin] = process.argv.slice(2);
  if (address === undefined || pin === undefined) {
    console.error('Say which daemon, and its PIN: node scripts/staff-pictures.ts http://127.0.0.1:8080/ 271828');
    process.exitCode = 1;
    return;
  }
  if (!(await isOursToShow(address))) return;
  const folder = await mkdtemp(join(tmpdir(), 'lookdial-pictures-'));
  const browser = await launchBrowser({ webgl: false });
  try {
    const screen = await openScreen(browser, address, { size: PORTRAIT });
    const { page } = screen;
    await pressCorner(screen);
    await page.getByRole('heading', { name: 'Enter the PIN' }).waitFor();
    const code = await atTheScreen(page, pin);
    await onThePhone(browser, address, code, await photographOf(address, folder));
    await page.getByText('has its key').waitFor();
    await page.locator('ld-staff li .quiet').first().tap();
    await page.locator('ld-staff .sure').tap();
    await page.getByRole('button', { name: 'Garments and photographs' }).tap();
    for (const letter of 'COAT') await page.getByRole('button', { name: letter, exact: true }).tap();
    await page.locator('ld-garments .query', { hasText: 'COAT' }).waitFor();
    await page.waitForTimeout(1_500);
    await keep(page, 'find');
    await screen.close();
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}

await main();
