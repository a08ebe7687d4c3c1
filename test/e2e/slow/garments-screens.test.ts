import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { LOCALLY, PIN } from '../../support/access.ts';
import { afterwards } from '../../support/afterwards.ts';
import { launchBrowser } from '../../support/browser.ts';
import { axeFindings, layoutFaults } from '../../support/browser-look.ts';
import { eventually, LANDSCAPE, openScreen, PORTRAIT, pressCorner, typeDigits } from '../../support/browser-page.ts';
import { skuOf, TestDaemon, UNENCODED } from '../../support/daemon.ts';
import { emptyGround, photograph } from '../../support/photographs.ts';
import { temporaryFolder } from '../../support/store.ts';

const DIST = resolve(import.meta.dirname, '../../../ui/dist');
/** Where pictures go, for a person to look at; nowhere unless it is set. */
const PICTURES = process.env.LOOKDIAL_TEST_PICTURES;
const PHONE = { width: 390, height: 844 } as const;
const TABLET = { width: 820, height: 1180 } as const;
/** As a proxy hands on what came from the network: the browser is on this machine, and stands for one that is not. */
const FROM_THE_NETWORK = { 'x-forwarded-for': '192.0.2.7' };

describe('garments in the hands of staff', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());

  async function store(t: TestContext, reads: 'open' | 'keys' = 'open'): Promise<{ daemon: TestDaemon; url: string }> {
    const daemon = await TestDaemon.start({ ui: DIST, hosts: ['localhost:80', '127.0.0.1'], reads });
    afterwards(t, () => daemon.close());
    await daemon.access.setPin(PIN, { replacing: false, doing: { ...LOCALLY, what: 'keys pin' } });
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    return { daemon, url: `http://127.0.0.1:${(daemon.app.server.address() as AddressInfo).port}/` };
  }

  async function check(page: Page, view: string): Promise<void> {
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `garments-${view}.png`) });
    assert.deepEqual(await layoutFaults(page), [], view);
    assert.deepEqual(await axeFindings(page), [], view);
  }

  const devices = { phone: { size: PHONE, reads: 'open' }, tablet: { size: TABLET, reads: 'keys' } } as const;
  for (const [device, { size, reads }] of Object.entries(devices)) {
    it(`are photographed with a ${device} where ${reads === 'keys' ? 'only keys may look' : 'all may look'}, from the code on the screen to the garment that is matched`, async t => {
      const { daemon, url } = await store(t, reads);
      const folder = await temporaryFolder(t);
      await writeFile(join(folder, 'floor.png'), await emptyGround('planks'));
      await writeFile(join(folder, 'broken.png'), 'no picture');
      await writeFile(join(folder, 'shirt.png'), (await photograph({ ground: 'planks' })).bytes);
      const pairing = daemon.access.pairing.begin('inventory');
      assert.ok(pairing.state === 'open');
      const options = { size, closed: reads === 'keys', reducedMotion: true, headers: FROM_THE_NETWORK, lang: 'de' };
      const screen = await openScreen(browser, url, options);
      const { page } = screen;
      await pressCorner(screen);
      await page.getByRole('heading', { name: 'Den Code eingeben' }).waitFor();
      await check(page, `${device}-code`);
      await typeDigits(page, pairing.code);
      await page.getByRole('searchbox').fill('UNENC');
      await page.locator('ld-garments .found button').filter({ hasText: UNENCODED }).waitFor();
      await eventually(
        () => page.locator('ld-garments .found button').count(),
        count => count === 1,
      );
      await check(page, `${device}-found`);
      await page.locator('ld-garments .found button').tap();
      await check(page, `${device}-garment`);
      const take = async (name: string): Promise<void> => {
        const chooser = page.waitForEvent('filechooser');
        await page.locator('ld-garments .camera').tap();
        await (await chooser).setFiles(join(folder, name));
      };
      await take('floor.png');
      await page.locator('ld-garments .doubt').first().waitFor({ timeout: 180_000 });
      await check(page, `${device}-doubts`);
      await take('broken.png');
      await page.getByText('Dieses Bild ist nicht lesbar.').waitFor();
      await take('shirt.png');
      await page.locator('ld-garments .cutout').waitFor({ timeout: 60_000 });
      assert.equal(await page.locator('ld-garments .doubt').count(), 0);
      await page.locator('ld-garments .cutout').evaluate(image => (image as HTMLImageElement).decode());
      await check(page, `${device}-cutout`);
      await page.getByRole('button', { name: 'Dieses nehmen' }).tap();
      await page.getByText('Fertig. Der Bildschirm findet es jetzt.').waitFor({ timeout: 30_000 });
      const taken = page.locator('ld-garments img.picture');
      await eventually(() => taken.evaluate(image => (image as HTMLImageElement).naturalWidth), Boolean);
      assert.ok(
        (await taken.evaluate(image => (image as HTMLImageElement).naturalWidth)) > 100,
        'its picture is there',
      );
      await check(page, `${device}-taken`);
      const posterior = await daemon.ask({
        url: `/api/v1/items/${UNENCODED}/posterior`,
        headers: daemon.key('inventory'),
      });
      assert.equal(posterior.statusCode, 200, posterior.body);
      const key = daemon.access.keys.list().find(({ name }) => name === 'Handy oder Tablet');
      assert.ok(key !== undefined);
      daemon.access.revokeKey(key.id, LOCALLY);
      await take('shirt.png');
      await page.getByText('Der Schlüssel dieses Geräts wurde zurückgenommen.').waitFor();
      await screen.close();
    });
  }

  for (const [orientation, size] of Object.entries({ upright: PORTRAIT, lying: LANDSCAPE })) {
    it(`are found on the screen by letters, and taken out: ${orientation}`, async t => {
      const { daemon, url } = await store(t);
      const screen = await openScreen(browser, url, { size, lang: 'de', reducedMotion: true });
      const { page } = screen;
      await pressCorner(screen);
      await typeDigits(page, PIN);
      await page.getByRole('button', { name: 'Ware und Fotos' }).tap();
      await page.locator('ld-garments .found button').first().waitFor();
      await check(page, `find-${orientation}`);
      for (const letter of 'G00') await page.getByRole('button', { name: letter, exact: true }).tap();
      await page.keyboard.type('3');
      await page
        .locator('ld-garments .found button')
        .filter({ hasText: skuOf(3) })
        .tap();
      await page.getByText('Fotografiert wird mit Handy oder Tablet').waitFor();
      await page.getByRole('button', { name: 'Aus dem Laden nehmen' }).tap();
      assert.ok(daemon.catalogue.item(skuOf(3)) !== undefined, 'it is asked twice');
      await check(page, `out-${orientation}`);
      await page.locator('ld-garments .sure').tap();
      await page.getByText('Es ist vom Bildschirm verschwunden.').waitFor();
      assert.equal(daemon.catalogue.item(skuOf(3)), undefined);
      await page.locator('ld-staff .back').tap();
      await page.getByRole('heading', { name: 'Gerät verbinden' }).waitFor();
      await screen.close();
    });
  }
});
