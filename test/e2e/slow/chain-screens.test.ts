import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { axeFindings, layoutFaults } from '../../support/browser-look.ts';
import { LANDSCAPE, openScreen, PORTRAIT, settled } from '../../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';

const SHOPS = ['Köln Schildergasse', 'Berlin Mitte', 'München Sendlinger Straße'];
const UNAVAILABLE = 'Failed to load resource: the server responded with a status of 503 (Service Unavailable)';

describe('the chain’s other shops on the screen', () => {
  let browser: Browser;
  let daemon: FakeDaemon;
  before(async () => {
    browser = await launchBrowser({ webgl: true });
  });
  after(() => browser?.close());
  beforeEach(async () => {
    daemon = await startFakeDaemon({ shops: SHOPS });
  });
  afterEach(() => daemon.stop());

  for (const [orientation, size, lang] of [
    ['upright', PORTRAIT, 'en'],
    ['lying', LANDSCAPE, 'de'],
  ] as const) {
    it(`are on a shelf under the rail, and a garment there can be held: ${orientation}, ${lang}`, async () => {
      const screen = await openScreen(browser, daemon.url, { size, lang, reducedMotion: true });
      const { page } = screen;
      const check = async (view: string): Promise<void> => {
        assert.ok(await settled(page), view);
        assert.deepEqual(await layoutFaults(page), [], view);
        assert.deepEqual(await axeFindings(page), [], view);
      };
      const cards = page.locator('ld-chain-strip.chain button');
      await cards.first().waitFor();
      await check('shelf');
      assert.match((await cards.first().textContent()) ?? '', /Köln Schildergasse \+7/);
      await cards.first().tap();
      const sheet = page.locator('ld-chain-sheet');
      assert.equal(await sheet.locator('.stores li').count(), SHOPS.length);
      await sheet.locator('.stores .hold').first().tap();
      const sizes = sheet.locator('.which button');
      await check('which size');
      const chosen = (await sizes.last().textContent()) ?? '';
      await sizes.last().tap();
      await sheet.locator('.code').waitFor();
      assert.match((await sheet.locator('.held').textContent()) ?? '', new RegExp(`H7KA\\s+${chosen}\\s`));
      assert.equal(await sheet.locator('.code').textContent(), 'H7KA');
      assert.ok(daemon.requests.includes('POST /holds'));
      await check('held');
      await sheet.locator('.close').tap();
      assert.deepEqual([screen.troubles, daemon.refused], [[], []]);
      await screen.close();
    });
  }

  it('says kindly that this store alone was asked, and shows its garments all the same', async () => {
    daemon.fail('/match chain', 'chain-unavailable');
    const screen = await openScreen(browser, daemon.url, { reducedMotion: true });
    const { page } = screen;
    const note = page.locator('ld-chain-strip.chain .note');
    await note.filter({ hasText: 'We could only look in this shop just now.' }).waitFor();
    assert.ok((await page.locator('ld-design ld-hanger').count()) > 5);
    assert.ok(await settled(page));
    assert.deepEqual(await layoutFaults(page), []);
    assert.deepEqual(await axeFindings(page), []);
    daemon.fail('/match chain', undefined);
    await page.locator('.action.surprise').tap();
    await page.locator('ld-chain-strip.chain button').first().waitFor();
    assert.deepEqual(
      screen.troubles.filter(one => one !== UNAVAILABLE),
      [],
    );
    await screen.close();
  });

  it('are not spoken of where there is no chain', async () => {
    const single = await startFakeDaemon();
    const screen = await openScreen(browser, single.url);
    assert.ok(await settled(screen.page));
    assert.equal(await screen.page.locator('ld-chain-strip.chain').count(), 0);
    assert.ok(!single.requests.includes('POST /match chain'));
    await screen.close();
    await single.stop();
  });
});
