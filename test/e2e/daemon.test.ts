import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBundle } from '../../device/inference/bundle.ts';
import { startInference } from '../../device/inference/inference.ts';
import { indexStore } from '../../device/inventory/index-store.ts';
import { makeCollection } from '../../scripts/store/atelier/collection.ts';
import { KNOWN_WORDS } from '../../ui/lib/words.ts';
import { launchBrowser } from '../support/browser.ts';
import { axeFindings, layoutFaults } from '../support/browser-look.ts';
import { difference, eventually, openScreen, pixelsOf, settled } from '../support/browser-page.ts';
import { MainProcess } from '../support/main-process.ts';

const BUNDLE = resolve(import.meta.dirname, '../../models/atelier');
/** Several of every kind: a rail of one garment has but one order. */
const GARMENTS = 150;

const rail = (page: Page): Promise<string> =>
  page
    .locator('ld-design ld-rail li')
    .evaluateAll(items => items.map(item => (item as HTMLElement).dataset.key).join());

describe('the kiosk over the real daemon, the shipped model and a store', () => {
  let data: string;
  let browser: Browser;

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'lookdial-kiosk-'));
    const bundle = await openBundle(BUNDLE);
    const inference = await startInference(bundle, {
      providers: [],
      threads: 1,
      ortModule: 'onnxruntime-node',
      rungTimeoutMs: 120_000,
    });
    try {
      const folder = join(data, 'store');
      await makeCollection({ folder, garments: GARMENTS });
      const limits = { maxPicturePixels: 1e6, maxPictureBytes: 1e6 };
      await indexStore({ folder, data, bundle, inference, name: 'Shop', demonstration: true, ...limits });
    } finally {
      await inference.close();
    }
    browser = await launchBrowser({ webgl: false });
  });
  after(async () => {
    await browser?.close();
    await rm(data, { recursive: true, force: true });
  });

  it('drags a dial by touch and sees the picture and the matches change, through a killed daemon too', async t => {
    const settings = { LOOKDIAL_DATA: data, LOOKDIAL_BUNDLE: BUNDLE };
    const daemon = new MainProcess(t, settings);
    const address = await daemon.address;
    const { page, fingers, troubles, close } = await openScreen(browser, `${address}/`);
    await page.locator('ld-design ld-hanger').first().waitFor();
    // Until then the dials may still move away from under a finger.
    assert.ok(await settled(page), 'the kiosk does not come to rest at its start');
    const stage = page.locator('ld-stage');
    // Which dials are shown first is the model's and the kind's matter.
    const dial = page.locator('ld-design').getByRole('slider').first();
    const grab = async (): Promise<{ x: number; y: number }> => {
      const box = (await dial.locator('xpath=following-sibling::*[1]').boundingBox())!;
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    };
    /** From the thumb to whichever end is farther. */
    const drag = async (): Promise<void> => {
      const { x, y } = await grab();
      const track = (await dial.boundingBox())!;
      const to = x - track.x > track.width / 2 ? track.x : track.x + track.width;
      await fingers.down(1, x, y);
      for (let step = 1; step <= 10; step++) await fingers.move({ id: 1, x: x + ((to - x) * step) / 10, y });
      await fingers.up(1);
    };
    const [before, hung] = [await pixelsOf(stage), await rail(page)];
    await drag();
    const seen = await eventually(
      () => pixelsOf(stage),
      now => difference(before, now) > 2,
    );
    assert.ok(difference(before, seen) > 2, 'the picture is the same');
    const moved = await eventually(
      () => rail(page),
      now => now !== hung,
    );
    assert.notEqual(moved, hung, 'the matches are the same');
    await page.locator('ld-design ld-photo canvas.ready').first().waitFor();
    assert.ok(await settled(page), 'the kiosk does not come to rest');
    assert.deepEqual(troubles, []);
    assert.deepEqual(await layoutFaults(page), []);
    assert.deepEqual(await axeFindings(page), []);

    daemon.child.kill('SIGKILL');
    await daemon.ended;
    await drag();
    await page.locator('.away').waitFor();
    const setting = await dial.getAttribute('aria-valuetext');
    const again = new MainProcess(t, { ...settings, LOOKDIAL_PORT: new URL(address).port });
    await again.address;
    await page.locator('.away').waitFor({ state: 'detached' });
    assert.equal(await dial.getAttribute('aria-valuetext'), setting);
    const back = await eventually(
      () => rail(page),
      now => now !== moved,
    );
    assert.notEqual(back, moved, 'the dial that was turned meanwhile is not shown');
    await close();
  });

  it('finds a garment it started from again, as the very one', async t => {
    const { address } = new MainProcess(t, { LOOKDIAL_DATA: data, LOOKDIAL_BUNDLE: BUNDLE });
    const { page, troubles, close } = await openScreen(browser, `${await address}/`, { lang: 'de' });
    const third = page.locator('ld-design ld-rail li').nth(2);
    await third.waitFor();
    const sku = (await third.getAttribute('data-key'))!;
    await third.locator('ld-hanger').tap();
    await page.locator('ld-garment-sheet .start').tap();
    const order = await eventually(
      () => rail(page),
      now => now.startsWith(`${sku},`),
    );
    assert.ok(order.startsWith(`${sku},`), order);
    assert.equal(await page.locator('ld-design .nearness').first().textContent(), 'genau dieses');
    assert.deepEqual(troubles, []);
    await close();
  });

  it('has a word in every language for each dial and kind of the shipped model', async () => {
    const { dials = [], kinds = [] } = (await openBundle(BUNDLE)).manifest;
    const words = [...dials.flatMap(({ name, low, high }) => [name, low, high]), ...kinds.map(({ name }) => name)];
    const known = new Set<string>(KNOWN_WORDS);
    assert.deepEqual(
      words.filter(word => word !== undefined && !known.has(word.toLowerCase())),
      [],
    );
    assert.ok(words.length > 0);
  });
});
