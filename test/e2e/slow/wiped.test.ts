import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../support/browser.ts';
import { eventually, openScreen, settled } from '../../support/browser-page.ts';
import { type FakeDaemon, startFakeDaemon } from '../../support/fake-daemon.ts';

/** Everything a page can remember somebody by, outside its own memory. */
const traces = (page: Page): Promise<Record<string, unknown>> =>
  page.evaluate(async () => ({
    localStorage: { ...localStorage },
    sessionStorage: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(({ name }) => name),
    cookies: document.cookie,
    caches: 'caches' in globalThis ? await caches.keys() : [],
    workers: 'serviceWorker' in navigator ? (await navigator.serviceWorker.getRegistrations()).length : 0,
    address: location.href,
    history: history.length,
    state: history.state,
    name: window.name,
    title: document.title,
  }));

/** Every value that the session's own objects hold, as text: through getters and private methods it can be reached by. */
const memory = (page: Page): Promise<string> =>
  page.locator('ld-design').evaluate(view => {
    const seen = new Set<unknown>();
    const told: string[] = [];
    const look = (value: unknown): void => {
      if (typeof value === 'string' || typeof value === 'number') told.push(String(value));
      if (typeof value !== 'object' || value === null || seen.has(value) || value instanceof Node) return;
      seen.add(value);
      if (value instanceof Uint8Array) {
        told.push(`bytes ${value.join(' ')}`);
        return;
      }
      if (value instanceof Map || value instanceof Set) for (const one of value.values()) look(one);
      const names = new Set(Object.keys(value));
      for (
        let type = Object.getPrototypeOf(value);
        type && type !== Object.prototype;
        type = Object.getPrototypeOf(type)
      ) {
        if (type === EventTarget.prototype) break;
        for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(type))) if (get) names.add(name);
      }
      for (const name of names) if (name !== 'model') look((value as Record<string, unknown>)[name]);
    };
    const { session } = view as HTMLElement & { session: object };
    look(session);
    for (const element of document.querySelector('ld-kiosk')!.shadowRoot!.querySelectorAll('*')) {
      for (const name of ['garment', 'similar', 'pairs']) look((element as unknown as Record<string, unknown>)[name]);
    }
    return told.join('\n');
  });

describe('a session that is wiped', () => {
  let browser: Browser;
  let daemon: FakeDaemon;
  before(async () => {
    daemon = await startFakeDaemon();
    browser = await launchBrowser({ webgl: false });
  });
  after(async () => {
    await browser?.close();
    await daemon.stop();
  });

  it('leaves no trace: not in any storage, the address, the history, nor the page’s memory', async () => {
    const { page, troubles, close } = await openScreen(browser, daemon.url, {
      reducedMotion: true,
      address: 'idle=15',
    });
    await page.locator('ld-attract .touch').tap();
    await page.locator('ld-attract').waitFor({ state: 'detached' });
    await settled(page);
    const untouched = await traces(page);
    // A number that no garment of the store lies at, so that it can be found again.
    await page.locator('ld-dial[data-dial="1"] input').focus();
    await page.keyboard.press('End');
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowLeft');
    await settled(page);
    await page.locator('ld-filter-bar [data-room=colours]').tap();
    await page.locator('ld-choices').getByRole('button', { name: /^rust/ }).tap();
    await page.locator('ld-choice-tray .done').tap();
    await page.locator('ld-design ld-hanger').nth(3).tap();
    await page.locator('ld-garment-sheet .keep').tap();
    const kept = (await page.locator('ld-garment-sheet h2').textContent())!.trim();
    await page.locator('ld-garment-sheet .close').tap();
    await page.locator('ld-hands .stays').tap();
    await page.locator('ld-dial[data-dial="3"] .ask').tap();
    await page.locator('ld-hands .done').tap();
    await page.locator('.pager').tap();
    await page.locator('ld-bar .languages').tap();
    await page.getByRole('button', { name: 'Deutsch' }).tap();
    await page.locator('ld-languages dialog').waitFor({ state: 'hidden' });
    await page.locator('ld-dial[data-dial="6"]').waitFor();
    await page.locator('.pager').tap();
    await page.locator('ld-design ld-hanger').first().tap();
    await page.locator('ld-garment-sheet dialog').waitFor();
    const full = await memory(page);
    const dialled = String(
      await page.locator('ld-dial[data-dial="1"]').evaluate(one => (one as HTMLElement & { value: number }).value),
    );
    for (const mark of [kept, 'rust', dialled])
      assert.ok(full.split('\n').includes(mark), `the test does not see ${mark}`);
    assert.deepEqual(await traces(page), untouched, 'nothing is written while it goes on either');

    // Nobody touches it, nobody answers the question.
    await page.locator('ld-attract').waitFor({ timeout: 90_000 });
    await eventually(
      () => page.locator('ld-kinds-view').count(),
      count => count === 1,
    );
    await eventually(
      () => memory(page),
      told => !told.split('\n').includes(dialled),
    );
    const now = (await memory(page)).split('\n');
    assert.ok(!now.includes(dialled), 'the dial is remembered');
    assert.deepEqual(await traces(page), untouched);
    type View = HTMLElement & {
      session: {
        history: { steps: unknown[] };
        kept: { garments: unknown[] };
        choices: { filters: { colours: string[] }; locked: number[]; kept: unknown[] };
        begun: boolean;
      };
    };
    const state = await page.locator('ld-design').evaluate(view => {
      const { history, kept: shelf, choices, begun } = (view as View).session;
      return { steps: history.steps.length, shelf: shelf.garments, choices, begun };
    });
    assert.deepEqual(state.shelf, []);
    assert.deepEqual([state.steps, state.begun], [1, false]);
    assert.deepEqual([state.choices.locked, state.choices.kept, state.choices.filters.colours], [[], [], []]);
    assert.equal(await page.locator('ld-garment-sheet dialog').isVisible(), false, 'a garment is still looked at');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en-GB');
    assert.deepEqual(troubles, []);
    await close();
  });
});
