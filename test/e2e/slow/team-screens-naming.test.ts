import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { difference, eventually, openScreen, pixelsOf, settled } from '../../support/browser-page.ts';
import { assertClean, check, insideOf, nameOn, teamStore, type } from '../../support/browser-team.ts';

/** A colour further off than the noise of drawing, mean absolute difference a channel. */
const SEEN = 0.5;

describe('a dial that the team names', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());

  it('names a dial that it turns and sees, and every shop window says so at once', async t => {
    const { daemon, url } = await teamStore(t);
    const shopper = await openScreen(browser, url, { lang: 'de' });
    const screen = await insideOf(browser, url, { lang: 'de' });
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
    const { daemon, url } = await teamStore(t);
    const { encoderDigest } = daemon.edition.bundle;
    daemon.catalogue.setStaffWords(encoderDigest, 0, { en: { name: 'Hem', low: 'up', high: 'down' } });
    const screen = await insideOf(browser, url, {});
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

  it('finds a dial’s name in the window after a start anew', async t => {
    const { daemon, url } = await teamStore(t);
    daemon.catalogue.setStaffWords(daemon.edition.bundle.encoderDigest, 1, {
      en: { name: 'Drape', low: null, high: null },
    });
    const shopper = await openScreen(browser, url);
    await settled(shopper.page);
    assert.equal(await nameOn(shopper.page.locator('ld-hands ld-dial[data-dial="1"]')), 'Drape');
    await shopper.close();
  });

  it('is told where somebody else names the same dial, and what was typed stays', async t => {
    const { daemon, url } = await teamStore(t);
    const { encoderDigest: encoder } = daemon.edition.bundle;
    const screen = await insideOf(browser, url, { lang: 'de' });
    const { page } = screen;
    await page.getByRole('button', { name: 'Regler benennen' }).tap();
    await page.locator('ld-naming .list button[data-dial="1"]').tap();
    await page.locator('ld-naming ld-dial .thumb').waitFor();
    await type(page, 'Arm');
    // There is one session of staff at a time: the other one has a key.
    const answer = await daemon.ask({
      method: 'PUT',
      url: '/api/v1/dials/1/words',
      headers: { 'content-type': 'application/json', ...daemon.key('admin') },
      payload: JSON.stringify({ encoder, was: {}, words: { de: { name: 'Saum', low: null, high: null } } }),
    });
    assert.equal(answer.statusCode, 200, answer.body);
    await page.getByText('Gerade hat jemand anders diesen Regler benannt.').waitFor();
    const dial = page.locator('ld-naming ld-dial');
    assert.equal(await nameOn(dial), 'Arm');
    await check(page, 'dial-named-elsewhere');
    await page.getByRole('button', { name: 'Sichern' }).tap();
    const german = () => daemon.catalogue.staffWords(encoder).get(1)?.de?.name;
    await page.getByText('Gesichert.').waitFor();
    assert.equal(german(), 'Arm', 'saved again, and knowingly');
    assertClean(screen);
    await screen.close();
  });
});
