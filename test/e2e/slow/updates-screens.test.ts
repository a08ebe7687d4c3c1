/** Updates of the model as staff see them: each way that they may stand, looked at in a browser. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import type { UpdateStateName } from '../../../device/updates/update-state.ts';
import { LOCALES } from '../../../ui/locales/index.ts';
import { launchBrowser } from '../../support/browser.ts';
import { eventually, LANDSCAPE, PORTRAIT } from '../../support/browser-page.ts';
import { assertClean, check, insideOf, teamStore } from '../../support/browser-team.ts';
import { releaseRecord, ShownUpdates } from '../../support/shown-updates.ts';

/** German for its long words; the other one lying. */
const SCREENS = [
  { lang: 'de', size: PORTRAIT, name: 'upright' },
  { lang: 'en', size: LANDSCAPE, name: 'lying' },
] as const;

const MB = 1_000_000;
const EXPIRED =
  'https://models.example/lookdial: by this box’s time, 2026-05-04T03:10:00.000Z, its metadata are out of date: sign them anew, and look at the box’s clock (timestamp.json is expired).';
const FAILED = Array.from({ length: 14 }, (_, place) => `SS26-LINEN-BLAZER-${String(place).padStart(4, '0')}`);

const standing = (state: UpdateStateName) => ({
  state,
  release: releaseRecord(5, '1.5.0'),
  since: Date.UTC(2026, 4, 4, 3, 10),
});

describe('updates of the model, as staff see them', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser?.close());

  for (const { lang, size, name } of SCREENS) {
    it(`are shown however they stand, with nothing cut or too small: ${name}, ${lang}`, async t => {
      const updates = new ShownUpdates();
      const { url } = await teamStore(t, { updates: updates.service });
      const screen = await insideOf(browser, url, { lang, size });
      const { page } = screen;
      const words = LOCALES[lang].staff.updates;
      const part = page.locator('ld-updates');
      const looked = async (view: string, text: string): Promise<void> => {
        await part.getByText(text).first().waitFor();
        await part.scrollIntoViewIfNeeded();
        await check(page, `updates-${view}-${name}`);
      };
      await looked('resting', words.check);

      updates.stand({ state: standing('fetching'), underWay: { what: 'fetching', done: 9 * MB, total: 24 * MB } });
      await looked('fetching', words.state.fetching('1.5.0'));
      await assertProgress(part, { max: 24 * MB, value: 9 * MB, label: words.fetching(9 * MB, 24 * MB) });

      updates.stand({ state: standing('trial'), underWay: { what: 'encoding', done: 312, total: 2_400 } });
      await looked('encoding', words.state.trial('1.5.0'));
      await assertProgress(part, { max: 2_400, value: 312, label: words.encoding(312, 2_400) });
      assert.equal(await part.getByRole('button', { name: words.check }).isDisabled(), true);

      const waitsFor = { from: '02:00', to: '05:00', encoded: false };
      updates.stand({ state: standing('verified'), waitsFor });
      await looked('waiting', words.waits('02:00', '05:00'));
      assert.equal(await part.getByText(words.encoded).count(), 0);
      assert.equal(await part.locator('progress').count(), 0);
      updates.stand({ state: standing('verified'), waitsFor: { ...waitsFor, encoded: true } });
      await looked('waiting-encoded', words.encoded);
      await part.getByRole('button', { name: words.apply }).tap();
      await eventually(
        async () => updates.asked.at(-1),
        asked => asked === 'apply',
      );

      updates.stand({ lastCheck: { at: new Date(), outcome: 'refused', message: EXPIRED, alarm: true } });
      await looked('alarm', words.alarm);
      await part.getByText(EXPIRED).waitFor();

      updates.stand({ state: standing('committed'), failedPictures: FAILED, canRollBack: true });
      await looked('failed-pictures', words.notTaken(FAILED.length));
      await part.getByText(`${FAILED.slice(0, 12).join(', ')} …`).waitFor();

      updates.stand({ failure: 'Release 5 is not served: A decoding takes 412 ms on this box at the 95th centile.' });
      await looked('failure', words.failed);

      await part.getByRole('button', { name: words.rollBack }).tap();
      await looked('going-back', words.rollBackSure);
      await part.getByRole('button', { name: words.stay }).tap();
      await part.getByRole('button', { name: words.check }).waitFor();
      assert.equal(updates.asked.includes('rollBack'), false, 'it is asked twice');
      await part.getByRole('button', { name: words.rollBack }).tap();
      await part.locator('.sure').tap();
      await eventually(
        async () => updates.asked.at(-1),
        asked => asked === 'rollBack',
      );
      updates.stand({ state: standing('rolled-back'), canRollBack: false });
      await looked('rolled-back', words.state['rolled-back']('1.5.0'));
      assert.equal(await part.getByRole('button', { name: words.rollBack }).count(), 0);
      assertClean(screen);
      await screen.close();
    });
  }
});

async function assertProgress(part: Locator, expected: { max: number; value: number; label: string }): Promise<void> {
  const bar = part.locator('progress');
  const found = await bar.evaluate(element => {
    const { max, value, ariaLabel, offsetWidth } = element as HTMLProgressElement;
    return { max, value, label: ariaLabel, isSeen: offsetWidth > 100 };
  });
  assert.deepEqual(found, { ...expected, isSeen: true });
}
