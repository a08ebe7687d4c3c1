/** What the team's page is tested on: a store, somebody who has come in, and what must hold of each view. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { LOCALLY, PIN } from './access.ts';
import { afterwards } from './afterwards.ts';
import { axeFindings, layoutFaults } from './browser-look.ts';
import { openScreen, pressCorner, type Screen, typeDigits } from './browser-page.ts';
import { type DaemonOptions, TestDaemon, UNENCODED } from './daemon.ts';
import { garment } from './store.ts';

const DIST = resolve(import.meta.dirname, '../../ui/dist');
/** Where pictures go, for a person to look at; nowhere unless it is set. */
const PICTURES = process.env.LOOKDIAL_TEST_PICTURES;

export async function teamStore(
  t: TestContext,
  options: DaemonOptions = {},
): Promise<{ daemon: TestDaemon; url: string }> {
  const daemon = await TestDaemon.start({ ui: DIST, hosts: ['localhost:80', '127.0.0.1'], ...options });
  afterwards(t, () => daemon.close());
  await daemon.access.setPin(PIN, { replacing: false, doing: { ...LOCALLY, what: 'keys pin' } });
  await daemon.app.listen({ host: '127.0.0.1', port: 0 });
  return { daemon, url: `http://127.0.0.1:${(daemon.app.server.address() as AddressInfo).port}/` };
}

/** In a store of its own folder: one picture that could not be read, and one garment that nobody has photographed. */
export async function spoil(daemon: TestDaemon): Promise<string> {
  const folder = join(daemon.data, 'store');
  await mkdir(folder);
  const { catalogue } = daemon;
  const there = catalogue.items({ limit: 200 }).items.filter(({ sku }) => sku !== UNENCODED);
  const garments = ['x-coat', 'x-shirt'].map(sku => garment(sku, { title: `The ${sku.slice(2)}`, picture: null }));
  const source = { folder, image: 'coat.png' };
  const reason = 'coat.png: It cannot be decoded.';
  catalogue.replace(
    catalogue.store ?? assert.fail('no store'),
    [...there.map(one => ({ ...one, priceMinor: null })), ...garments],
    [{ sku: 'x-coat', kind: 'not-encoded', reason, fault: 'picture-unreadable', source }],
  );
  return join(folder, 'coat.png');
}

async function enter(screen: Screen): Promise<void> {
  const { page } = screen;
  // In Arabic the corner is the other one.
  if (await page.evaluate(() => document.documentElement.dir === 'rtl')) await page.keyboard.press('Control+Alt+s');
  else await pressCorner(screen);
  await typeDigits(page, PIN);
  await page.locator('ld-glance .look, ld-glance .all').waitFor();
}

/** Opens the page for the team. */
export async function insideOf(
  browser: Browser,
  url: string,
  options: Parameters<typeof openScreen>[2],
): Promise<Screen> {
  const screen = await openScreen(browser, url, { reducedMotion: true, ...options });
  await enter(screen);
  return screen;
}

export async function check(page: Page, view: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `team-${view}.png`) });
  assert.deepEqual(await layoutFaults(page), [], view);
  assert.deepEqual(await axeFindings(page), [], view);
}

/** Nothing is wrong but that most garments of this store have no picture. */
export const assertClean = ({ troubles }: Screen, beside = /404/): void =>
  assert.deepEqual(
    troubles.filter(trouble => !beside.test(trouble)),
    [],
  );

/** Types on the letters of the screen, a capital first where the pad offers one. */
export async function type(page: Page, text: string): Promise<void> {
  const pad = page.locator('ld-naming ld-letter-pad');
  for (const letter of text) {
    await pad.getByRole('button', { name: letter, exact: true }).tap();
  }
}

export const nameOn = (dial: Locator): Promise<string> =>
  dial.locator('.name').evaluate(name => (name as HTMLElement).innerText.trim());
