import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterwards } from '../../support/afterwards.ts';
import { launchBrowser } from '../../support/browser.ts';
import { axeFindings, layoutFaults } from '../../support/browser-look.ts';
import { temporaryFolder } from '../../support/store.ts';

const WAIT = resolve(import.meta.dirname, '../../../scripts/device/wait-until-ready');
const SCREENS = { upright: { width: 1080, height: 1920 }, lying: { width: 1920, height: 1080 } } as const;
const FAMILIES: Readonly<Record<string, string>> = { de: 'Fraunces', ja: 'Noto Serif JP', ar: 'Noto Naskh Arabic' };
/** As long as one gets: all settings of a file wrong. */
const SENTENCE = Array.from(
  { length: 8 },
  (_, line) => `/etc/lookdial/lookdial.json:${line}:4: threads is "many <b>".`,
);

/** The page as a box without a daemon writes it. */
async function written(t: TestContext, language: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const reason = join(folder, 'not-ready');
  await writeFile(reason, `1\n${SENTENCE.join('\n')}\n`);
  execFileSync(WAIT, {
    env: {
      PATH: process.env.PATH,
      XDG_RUNTIME_DIR: folder,
      LOOKDIAL_KIOSK_PAGE: `http://127.0.0.1:1/?lang=${language}`,
      LOOKDIAL_TEST_NOT_READY: reason,
    },
  });
  return pathToFileURL(join(folder, 'help.html')).href;
}

describe('the page of help, opened as a file', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
  });
  after(() => browser.close());

  for (const [name, viewport] of Object.entries(SCREENS)) {
    for (const [language, family] of Object.entries(FAMILIES)) {
      it(`is set in the kiosk’s letters, and all of it is to be seen: ${language}, ${name}`, async t => {
        const address = await written(t, language);
        const context = await browser.newContext({ viewport });
        afterwards(t, () => context.close());
        const page = await context.newPage();
        const faults: string[] = [];
        page.on('console', message => faults.push(message.text()));
        await page.goto(address);
        const loaded = await page.evaluate(async () => {
          await document.fonts.ready;
          return [...document.fonts].filter(({ status }) => status === 'loaded').map(font => font.family);
        });
        for (const one of [family, 'Instrument Sans'])
          assert.ok(
            loaded.some(font => font.includes(one)),
            `${one}: ${loaded}`,
          );
        assert.deepEqual(faults, []);
        const largest = await page.evaluate(() => {
          const size = (of: Element): number => Number.parseFloat(getComputedStyle(of).fontSize);
          return [...document.querySelectorAll('h1')].sort((a, b) => size(b) - size(a))[0]?.parentElement?.lang;
        });
        assert.equal(largest, language);
        const ends = await page.evaluate(
          () => document.querySelector('#why')?.getBoundingClientRect().bottom ?? Infinity,
        );
        assert.ok(ends <= viewport.height, `the sentence ends at ${ends}`);
        const top = await page.evaluate(() => document.querySelector('svg')?.getBoundingClientRect().top ?? -1);
        assert.ok(top >= 0, `the hanger begins at ${top}`);
        assert.equal(await page.locator('#why').innerText(), SENTENCE.join('\n'));
      });
    }
  }

  it('is one that axe finds no fault with, but that it looks again by itself: nobody types or chooses there', async t => {
    const context = await browser.newContext({ viewport: SCREENS.upright, bypassCSP: true });
    afterwards(t, () => context.close());
    const page = await context.newPage();
    await page.goto(await written(t, 'de'));
    const found = (await axeFindings(page)).filter(one => !one.startsWith('meta-refresh'));
    assert.deepEqual(found, []);
    assert.deepEqual(await layoutFaults(page), []);
  });
});
