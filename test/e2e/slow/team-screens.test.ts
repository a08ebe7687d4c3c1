import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { DialLanguage } from '../../../device/api/dial-word-schemas.ts';
import { LANGUAGES, LOCALES } from '../../../ui/locales/index.ts';
import { launchBrowser } from '../../support/browser.ts';
import { LANDSCAPE, openScreen, PORTRAIT, pressCorner, typeDigits } from '../../support/browser-page.ts';
import { assertClean, check, insideOf, spoil, teamStore } from '../../support/browser-team.ts';
import { drawPicture } from '../../support/store.ts';

const SIZES = { upright: PORTRAIT, lying: LANDSCAPE } as const;

describe('what the team sees at the screen', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());

  it('sees how many garments no dial finds, why, and has one tried again until all are found', async t => {
    const { daemon, url } = await teamStore(t);
    const file = await spoil(daemon);
    const screen = await insideOf(browser, url, { lang: 'en' });
    const { page } = screen;
    await page.getByRole('button', { name: '2 garments are found by no dial yet' }).tap();
    const choices = page.locator('ld-unfound li button');
    await choices.first().waitFor();
    assert.match((await choices.first().textContent()) ?? '', /The coat.*Its picture is missing, or broken\./s);
    assert.match((await choices.last().textContent()) ?? '', /The shirt.*Nobody has photographed it yet\./s);
    await choices.last().tap();
    assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0, 'there is nothing to try');
    await page.getByRole('button', { name: 'Let it be' }).tap();
    await choices.first().tap();
    await page.getByRole('button', { name: 'Try again' }).tap();
    await page.locator('ld-unfound .trouble', { hasText: 'That picture cannot be read.' }).waitFor();
    await writeFile(file, await drawPicture(70));
    await page.getByRole('button', { name: 'Try again' }).tap();
    await page.getByText('“The coat” can be found now.').waitFor();
    assert.equal(await choices.count(), 1);
    // Somebody photographs the other one meanwhile: the list hears of it.
    const answer = await daemon.ask({
      method: 'POST',
      url: '/api/v1/items/x-shirt/image',
      headers: { ...daemon.key('inventory'), 'content-type': 'image/png' },
      payload: await drawPicture(71),
    });
    assert.equal(answer.statusCode, 200, answer.body);
    await page.getByText('Every garment here can be found. Well done.').waitFor();
    await check(page, 'none-left');
    await page.locator('ld-staff .back').tap();
    await page.getByText('Every garment here can be found.').waitFor();
    assertClean(screen, /404|422/);
    await screen.close();
  });

  it('is led from a garment to its photograph, at the screen and on a phone', async t => {
    const { daemon, url } = await teamStore(t);
    await spoil(daemon);
    const screen = await insideOf(browser, url, { lang: 'de' });
    await screen.page.locator('ld-glance .look').tap();
    await screen.page.locator('ld-unfound li button').first().tap();
    await screen.page.getByRole('button', { name: 'Neu fotografieren' }).tap();
    await screen.page.locator('ld-garments h3', { hasText: 'The coat' }).waitFor();
    await screen.page.locator('ld-staff .back').tap();
    await screen.page.locator('ld-unfound').waitFor();
    await screen.close();

    const headers = { 'x-forwarded-for': '192.0.2.7' };
    const phone = await openScreen(browser, url, {
      size: { width: 390, height: 844 },
      reducedMotion: true,
      headers,
      lang: 'de',
    });
    const { page } = phone;
    const pairing = daemon.access.pairing.begin('inventory');
    assert.ok(pairing.state === 'open');
    await pressCorner(phone);
    await typeDigits(page, pairing.code);
    await page.getByRole('button', { name: '2 Stücke findet noch kein Regler' }).tap();
    await page.locator('ld-unfound li button').first().waitFor();
    await check(page, 'unfound-phone');
    await page.locator('ld-unfound li button').first().tap();
    await page.getByRole('button', { name: 'Neu fotografieren' }).tap();
    await page.locator('ld-garments .camera').waitFor();
    await phone.close();
  });

  const walks: readonly [DialLanguage, keyof typeof SIZES][] = [
    ['de', 'upright'],
    ['de', 'lying'],
    ['en', 'upright'],
    ['en', 'lying'],
    ['ar', 'upright'],
    ['ja', 'lying'],
  ];
  for (const [lang, orientation] of walks) {
    it(`has nothing cut, covered or too small, and axe finds nothing: ${lang}, ${orientation}`, async t => {
      const { daemon, url } = await teamStore(t);
      await spoil(daemon);
      const { staff } = LOCALES[lang];
      const screen = await insideOf(browser, url, { size: SIZES[orientation], lang });
      const { page } = screen;
      await check(page, `inside-${lang}-${orientation}`);
      await page.locator('ld-glance .look').tap();
      await page.locator('ld-unfound li button').first().waitFor();
      await check(page, `unfound-${lang}-${orientation}`);
      await page.locator('ld-unfound li button').first().tap();
      await page.getByRole('button', { name: staff.unfound.again }).waitFor();
      await check(page, `unfound-one-${lang}-${orientation}`);
      for (const _ of [1, 2]) await page.locator('ld-staff .back').tap();
      await page.getByRole('button', { name: staff.openNaming }).tap();
      await page.locator('ld-naming .list button').first().waitFor();
      await check(page, `dials-${lang}-${orientation}`);
      await page.locator('ld-naming .list button').nth(1).tap();
      await page.locator('ld-naming ld-dial .thumb').waitFor();
      for (const language of LANGUAGES) {
        await page.locator(`ld-naming .languages [lang="${language}"]`).tap();
        await check(page, `naming-${language}-${lang}-${orientation}`);
      }
      assertClean(screen);
      await screen.close();
    });
  }
});
