import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { DialLanguage } from '../../../device/api/dial-word-schemas.ts';
import { LANGUAGES, LOCALES } from '../../../ui/locales/index.ts';
import { LOCALLY, PIN } from '../../support/access.ts';
import { afterwards } from '../../support/afterwards.ts';
import { launchBrowser } from '../../support/browser.ts';
import { axeFindings, layoutFaults } from '../../support/browser-look.ts';
import {
  difference,
  eventually,
  LANDSCAPE,
  openScreen,
  PORTRAIT,
  pixelsOf,
  pressCorner,
  type Screen,
  settled,
  typeDigits,
} from '../../support/browser-page.ts';
import { TestDaemon, UNENCODED } from '../../support/daemon.ts';
import { drawPicture, garment } from '../../support/store.ts';

const DIST = resolve(import.meta.dirname, '../../../ui/dist');
/** Where pictures go, for a person to look at; nowhere unless it is set. */
const PICTURES = process.env.LOOKDIAL_TEST_PICTURES;
const SIZES = { upright: PORTRAIT, lying: LANDSCAPE } as const;
/** A colour further off than the noise of drawing, mean absolute difference a channel. */
const SEEN = 0.5;

describe('what the team does at the screen', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());

  async function store(t: TestContext): Promise<{ daemon: TestDaemon; url: string }> {
    const daemon = await TestDaemon.start({ ui: DIST, hosts: ['localhost:80', '127.0.0.1'] });
    afterwards(t, () => daemon.close());
    await daemon.access.setPin(PIN, { replacing: false, doing: { ...LOCALLY, what: 'keys pin' } });
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    return { daemon, url: `http://127.0.0.1:${(daemon.app.server.address() as AddressInfo).port}/` };
  }

  /** In a store of its own folder: one picture that could not be read, and one garment that nobody has photographed. */
  async function spoil(daemon: TestDaemon): Promise<string> {
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
  async function inside(url: string, options: Parameters<typeof openScreen>[2]): Promise<Screen> {
    const screen = await openScreen(browser, url, { reducedMotion: true, ...options });
    await enter(screen);
    return screen;
  }

  async function check(page: Page, view: string): Promise<void> {
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `team-${view}.png`) });
    assert.deepEqual(await layoutFaults(page), [], view);
    assert.deepEqual(await axeFindings(page), [], view);
  }

  /** Nothing is wrong but that most garments of this store have no picture. */
  const assertClean = ({ troubles }: Screen, beside = /404/): void =>
    assert.deepEqual(
      troubles.filter(trouble => !beside.test(trouble)),
      [],
    );

  /** Types on the letters of the screen, a capital first where the pad offers one. */
  async function type(page: Page, text: string): Promise<void> {
    const pad = page.locator('ld-naming ld-letter-pad');
    for (const letter of text) {
      await pad.getByRole('button', { name: letter, exact: true }).tap();
    }
  }

  const nameOn = (dial: Locator): Promise<string> =>
    dial.locator('.name').evaluate(name => (name as HTMLElement).innerText.trim());

  it('names a dial that it turns and sees, and every shop window says so at once', async t => {
    const { daemon, url } = await store(t);
    const shopper = await openScreen(browser, url, { lang: 'de' });
    const screen = await inside(url, { lang: 'de' });
    const { page, fingers } = screen;
    await page.getByRole('button', { name: 'Regler benennen' }).tap();
    const choices = page.locator('ld-naming .list button');
    await choices.first().waitFor();
    assert.equal(await choices.count(), 5, 'the sixth is not shown');
    assert.match((await choices.first().textContent()) ?? '', /Länge|Length/);
    const second = page.locator('ld-naming .list button[data-dial="1"]');
    assert.match((await second.textContent()) ?? '', /noch ohne Namen/);
    await second.tap();

    // Both ends' pictures are there, and the garment follows the finger while it is down.
    const dial = page.locator('ld-naming ld-dial');
    await dial.locator('.thumb').waitFor();
    await eventually(() => dial.evaluate(one => Reflect.get(one, 'fresh') === true), Boolean);
    const stage = page.locator('ld-naming ld-stage');
    const ends = dial.locator('ld-swatch');
    const [low, high] = [await pixelsOf(ends.first()), await pixelsOf(ends.last())];
    assert.ok(difference(low, high) > SEEN, 'the ends look alike');
    const before = await pixelsOf(stage);
    const thumb = (await dial.locator('.thumb').boundingBox())!;
    const [x, y] = [thumb.x + thumb.width / 2, thumb.y + thumb.height / 2];
    await fingers.down(1, x, y);
    for (const step of [20, 80, 160, 240]) await fingers.move({ id: 1, x: x + step, y });
    const changed = await eventually(
      async () => difference(before, await pixelsOf(stage)),
      seen => seen > SEEN,
    );
    assert.ok(changed > SEEN, `the garment does not follow: ${changed}`);
    await fingers.up(1);

    await type(page, 'Ä');
    await type(page, 'rmel');
    assert.equal(await nameOn(dial), 'Ärmel', 'as it will be, before it is saved');
    await page.locator('ld-naming .fields .low').tap();
    await type(page, 'kurz');
    await page.locator('ld-naming .fields .high').tap();
    await type(page, 'lang');
    assert.deepEqual(await dial.locator('.end').allInnerTexts(), ['kurz', 'lang']);
    await page.locator('ld-naming .languages').getByRole('button', { name: 'English' }).tap();
    assert.equal(await nameOn(dial), 'Ärmel', 'nobody has a name for it in English: as it was written');
    await type(page, 'S');
    await type(page, 'leeves');
    assert.equal(await nameOn(dial), 'Sleeves');
    await page.getByRole('button', { name: 'Sichern' }).tap();
    await page.getByText('Gesichert. Jeder Bildschirm sagt es jetzt so.').waitFor();
    const { encoderDigest } = daemon.edition.bundle;
    assert.deepEqual(daemon.catalogue.staffWords(encoderDigest).get(1), {
      en: { name: 'Sleeves', low: null, high: null },
      de: { name: 'Ärmel', low: 'kurz', high: 'lang' },
    });

    const inWindow = shopper.page.locator('ld-hands ld-dial[data-dial="1"]');
    assert.equal(
      await eventually(
        () => nameOn(inWindow),
        name => name === 'Ärmel',
      ),
      'Ärmel',
    );
    assert.equal(await inWindow.locator('input').getAttribute('aria-label'), 'Ärmel');

    await page.getByRole('button', { name: 'Rückgängig' }).tap();
    assert.equal(
      await eventually(
        () => nameOn(inWindow),
        name => name !== 'Ärmel',
      ),
      'Regler 2',
    );
    assert.deepEqual(daemon.catalogue.staffWords(encoderDigest), new Map());
    await shopper.close();
    assertClean(screen);
    await screen.close();
  });

  it('gives a dial its own words back, by keys alone', async t => {
    const { daemon, url } = await store(t);
    const { encoderDigest } = daemon.edition.bundle;
    daemon.catalogue.setStaffWords(encoderDigest, 0, { en: { name: 'Hem', low: 'up', high: 'down' } });
    const screen = await inside(url, {});
    const { page } = screen;
    await page.getByRole('button', { name: 'Name the dials' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('ld-naming .list button').first().waitFor();
    assert.equal(
      await page.evaluate(
        () =>
          (
            document.activeElement?.shadowRoot?.querySelector('ld-staff')?.shadowRoot ??
            document.querySelector('ld-kiosk')?.shadowRoot?.querySelector('ld-staff')?.shadowRoot
          )?.activeElement?.id,
      ),
      'title',
    );
    const hem = page.getByRole('button', { name: /^Hem up – down/ });
    await hem.focus();
    await page.keyboard.press('Enter');
    const dial = page.locator('ld-naming ld-dial');
    await dial.locator('input').focus();
    const value = (): Promise<number> => dial.evaluate(one => Number(Reflect.get(one, 'value')));
    const before = await value();
    await page.keyboard.press('ArrowRight');
    assert.ok((await value()) > before);
    await page.keyboard.type('line');
    assert.equal(await nameOn(dial), 'Hemline');
    await page.keyboard.press('Backspace');
    assert.equal(await nameOn(dial), 'Hemlin');
    await page.locator('ld-naming').getByRole('button', { name: 'Undo' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await nameOn(dial), 'Hem');
    await page.getByRole('button', { name: 'Back to its own words' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(
      await eventually(
        () => nameOn(dial),
        name => name === 'Length',
      ),
      'Length',
    );
    assert.deepEqual(daemon.catalogue.staffWords(encoderDigest), new Map());
    await screen.close();
  });

  it('sees how many garments no dial finds, why, and has one tried again until all are found', async t => {
    const { daemon, url } = await store(t);
    const file = await spoil(daemon);
    const screen = await inside(url, { lang: 'en' });
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
    const { daemon, url } = await store(t);
    await spoil(daemon);
    const screen = await inside(url, { lang: 'de' });
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
      const { daemon, url } = await store(t);
      await spoil(daemon);
      const { staff } = LOCALES[lang];
      const screen = await inside(url, { size: SIZES[orientation], lang });
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

  it('finds a dial’s name in the window after a start anew', async t => {
    const { daemon, url } = await store(t);
    daemon.catalogue.setStaffWords(daemon.edition.bundle.encoderDigest, 1, {
      en: { name: 'Drape', low: null, high: null },
    });
    const shopper = await openScreen(browser, url);
    await settled(shopper.page);
    assert.equal(await nameOn(shopper.page.locator('ld-hands ld-dial[data-dial="1"]')), 'Drape');
    await shopper.close();
  });
});
