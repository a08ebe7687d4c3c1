import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { NewKey } from '../../../device/api/access-schemas.ts';
import { LOCALLY, PIN } from '../../support/access.ts';
import { launchBrowser } from '../../support/browser.ts';
import { axeFindings, layoutFaults } from '../../support/browser-look.ts';
import {
  eventually,
  LANDSCAPE,
  openScreen,
  PORTRAIT,
  pressCorner,
  type Screen,
  typeDigits,
} from '../../support/browser-page.ts';
import { TestDaemon } from '../../support/daemon.ts';

const DIST = resolve(import.meta.dirname, '../../../ui/dist');
/** Where pictures go, for a person to look at; nowhere unless it is set. */
const PICTURES = process.env.LOOKDIAL_TEST_PICTURES;

const picture = async (page: Page, name: string): Promise<void> => {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `staff-${name}.png`) });
};

/** Nothing is wrong but that most garments of this store have no picture. */
const assertClean = ({ troubles }: Screen, beside = /404/): void =>
  assert.deepEqual(
    troubles.filter(trouble => !beside.test(trouble)),
    [],
  );

describe('the staff’s page on the screen, over a daemon', () => {
  let browser: Browser;
  let daemon: TestDaemon;
  let url: string;

  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());
  beforeEach(async () => {
    daemon = await TestDaemon.start({
      ui: DIST,
      hosts: ['localhost:80', '127.0.0.1'],
      certificate: {
        fingerprint: Array.from({ length: 32 }, (_, at) =>
          (at * 7 + 16).toString(16).toUpperCase().padStart(2, '0'),
        ).join(':'),
        validTo: new Date(Date.UTC(2028, 7, 6)),
        port: 8443,
      },
    });
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(daemon.app.server.address() as AddressInfo).port}/`;
  });
  afterEach(() => daemon.close());

  /** A till sends the code that somebody typed into it. */
  const redeem = (code: string, name: string): Promise<Response> =>
    fetch(`${url}api/v1/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, name }),
    });

  it('sets the first PIN, pairs a till by the code shown, and takes its key back', async () => {
    const screen = await openScreen(browser, url);
    const { page } = screen;
    await pressCorner(screen);
    await page.getByRole('heading', { name: 'Choose a PIN' }).waitFor();
    await typeDigits(page, PIN);
    await page.getByRole('heading', { name: 'Once more, please' }).waitFor();
    await typeDigits(page, PIN);
    await page.getByRole('heading', { name: 'For the team' }).waitFor();
    await page.getByText('None yet.').waitFor();
    await page.getByRole('button', { name: /^Stock and garments/ }).tap();
    const shown = page.locator('ld-staff .code');
    await shown.waitFor();
    const code = (await shown.textContent())!.trim();
    assert.match(code, /^\d{8}$/);
    const { token, key } = (await (await redeem(code, 'Till 2')).json()) as NewKey;
    assert.equal(key.scope, 'inventory');
    await page.getByText('“Till 2” has its key.').waitFor();
    await page.getByRole('button', { name: 'Take back the key of “Till 2”' }).tap();
    assert.ok(daemon.access.keys.find(token) !== undefined, 'it is asked twice');
    await page.locator('ld-staff .sure').tap();
    await page.getByText('None yet.').waitFor();
    assert.equal(daemon.access.keys.find(token), undefined);
    await page.locator('ld-staff .close').tap();
    await page.locator('ld-staff dialog').waitFor({ state: 'hidden' });
    assertClean(screen);
    await screen.close();
  });

  it('says that somebody calls, and tells the screen that called that one comes', async () => {
    await daemon.access.setPin(PIN, { replacing: false, doing: { ...LOCALLY, what: 'keys pin' } });
    const shopper = await openScreen(browser, url, { address: 'idle=off&place=Window' });
    const screen = await openScreen(browser, url, { lang: 'de', reducedMotion: true });
    const { page } = screen;
    await pressCorner(screen);
    await typeDigits(page, PIN);
    await page.getByRole('heading', { name: 'Für das Team' }).waitFor();
    await shopper.page.locator('ld-bar .call').tap();
    await shopper.page.getByRole('heading', { name: 'Our team has been called.' }).waitFor();
    const asks = page.locator('ld-staff-calls section');
    await asks.waitFor();
    assert.match((await asks.textContent())!, /Jemand braucht Sie.*Am Bildschirm: Window/s);
    await picture(page, 'call');
    assert.deepEqual(await layoutFaults(page), []);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole('button', { name: 'Ich komme' }).tap();
    await asks.waitFor({ state: 'detached' });
    await shopper.page.getByRole('heading', { name: 'Someone is coming.' }).waitFor();
    assertClean(screen);
    await screen.close();
    await shopper.close();
  });

  it('is locked after five wrong PINs, says for how long, and opens to a keyboard too', async () => {
    await daemon.access.setPin(PIN, { replacing: false, doing: { ...LOCALLY, what: 'keys pin' } });
    const { page, close } = await openScreen(browser, url);
    await page.keyboard.press('Control+Alt+s');
    await page.getByRole('heading', { name: 'Enter the PIN' }).waitFor();
    for (let tries = 1; tries <= 5; tries++) {
      // While an answer is awaited the pad takes no digits.
      await page.locator('ld-pin-pad:not([disabled])').waitFor();
      await page.keyboard.type('000001');
      await page.getByRole('button', { name: 'Done' }).and(page.locator(':enabled')).waitFor();
      await page.keyboard.press('Enter');
      const said = tries < 5 ? 'That is not the PIN.' : 'Too many wrong tries.';
      await page.locator('ld-staff .trouble', { hasText: said }).waitFor();
    }
    await page.getByText(/^Too many wrong tries\. Again in 0:\d\d\.$/).waitFor();
    assert.equal(await page.locator('ld-pin-pad .done').isDisabled(), true);
    await page.keyboard.press('Escape');
    await page.locator('ld-staff dialog').waitFor({ state: 'hidden' });
    await close();
  });

  it('leaves nothing of the session behind when it is left', async () => {
    await daemon.access.setPin(PIN, { replacing: false, doing: { ...LOCALLY, what: 'keys pin' } });
    const screen = await openScreen(browser, url);
    const { page } = screen;
    await pressCorner(screen);
    await typeDigits(page, PIN);
    await page
      .locator('ld-staff')
      .getByRole('button', { name: /^Everything/ })
      .tap();
    const code = (await page.locator('ld-staff .code').textContent())!.trim();
    await page.locator('ld-staff .close').tap();
    await page.locator('ld-staff dialog').waitFor({ state: 'hidden' });
    const state = await eventually(
      async () => daemon.access.pairing.state.state,
      now => now === 'none',
    );
    assert.equal(state, 'none');
    assert.equal((await redeem(code, 'Late')).status, 409, 'the code went with it');
    assert.deepEqual(daemon.access.keys.list(), []);
    await pressCorner(screen);
    await page.getByRole('heading', { name: 'Enter the PIN' }).waitFor();
    await screen.close();
  });

  it('does not open for a hand that rests on the corner for a moment', async () => {
    const { page, fingers, close } = await openScreen(browser, url);
    await fingers.tap(40, 40);
    await fingers.down(1, 40, 40);
    await fingers.move({ id: 1, x: 300, y: 40 });
    await page.waitForTimeout(2_300);
    await fingers.up(1);
    assert.equal(await page.locator('ld-staff dialog').isVisible(), false);
    await close();
  });

  // In German, for its long words.
  const lang = 'de';
  for (const [orientation, size] of Object.entries({ upright: PORTRAIT, lying: LANDSCAPE })) {
    it(`has nothing cut, covered or too small, and axe finds nothing: ${orientation}`, async () => {
      for (const name of ['Kasse Erdgeschoss links', 'Tablet', 'Schaufenster']) {
        daemon.access.createKey(name, 'inventory', LOCALLY);
      }
      const screen = await openScreen(browser, url, { size, lang, reducedMotion: true });
      const { page } = screen;
      const check = async (view: string): Promise<void> => {
        assert.deepEqual(await layoutFaults(page), [], view);
        assert.deepEqual(await axeFindings(page), [], view);
        await picture(page, `${view}-${orientation}`);
      };
      await pressCorner(screen);
      await page.locator('ld-pin-pad').waitFor();
      await eventually(
        () => page.locator('ld-staff h2').textContent(),
        text => text === 'Eine PIN wählen',
      );
      await check('choose');
      await typeDigits(page, PIN);
      await typeDigits(page, PIN);
      await page.locator('ld-staff .scopes button').first().waitFor();
      await check('inside');
      await page.locator('ld-staff .scopes button').first().tap();
      await page.locator('ld-staff .code').waitFor();
      await page.locator('ld-staff li .quiet').first().tap();
      await page.locator('ld-staff .sure').waitFor();
      await check('pairing');
      await daemon.access.setPin('314159', { replacing: true, doing: { ...LOCALLY, what: 'keys pin' } });
      await page.locator('ld-pin-pad').waitFor();
      await check('over');
      // The session that was taken away is refused, and rightly.
      assertClean(screen, /404|401/);
      await screen.close();
    });
  }
});
