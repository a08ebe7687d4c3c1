import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { PICTURES_PER_SECOND } from '../../../device/health/heat-watch.ts';
import { afterwards } from '../../support/afterwards.ts';
import { launchBrowser } from '../../support/browser.ts';
import { eventually, openScreen, putKindsAway, settled } from '../../support/browser-page.ts';
import { indexedStore } from '../../support/indexed-store.ts';
import { MainProcess } from '../../support/main-process.ts';
import { MadeSysfs } from '../../support/sysfs.ts';

const DRAG_MS = 3_000;

/** Gives the stage another picture each frame. @returns those that it has painted, a second */
const paintedOf = (page: Page, lasts: number): Promise<number> =>
  page.locator('ld-design ld-stage').evaluate(async (element, milliseconds) => {
    const stage = element as HTMLElement & { picture: object };
    let drawn = 0;
    stage.addEventListener('drawn', () => {
      drawn += 1;
    });
    const began = performance.now();
    while (performance.now() - began < milliseconds) {
      stage.picture = { ...stage.picture };
      await new Promise(go => requestAnimationFrame(go));
    }
    return (1_000 * drawn) / (performance.now() - began);
  }, lasts);

test('on a box that grows hot a drag asks for fewer pictures, and the last of them comes', async t => {
  const { data, bundle } = await indexedStore(t);
  const sysfs = MadeSysfs.jetson(join(data, 'sys'));
  const daemon = new MainProcess(t, { LOOKDIAL_DATA: data, LOOKDIAL_BUNDLE: bundle, LOOKDIAL_SYSFS: sysfs.root });
  const address = await daemon.address;
  const browser = await launchBrowser({ webgl: false });
  afterwards(t, () => browser.close());
  const { page, fingers, troubles, close } = await openScreen(browser, `${address}/`);
  assert.ok(await settled(page));
  let asked = 0;
  page.on('request', request => {
    if (request.url().endsWith('/api/v1/dial')) asked += 1;
  });
  const dial = page.locator('ld-design').getByRole('slider').first();

  /** Up and down the whole track without a pause. @returns pictures asked for a second */
  const drag = async (): Promise<number> => {
    const track = (await dial.boundingBox())!;
    const thumb = (await dial.locator('xpath=following-sibling::*[1]').boundingBox())!;
    const y = thumb.y + thumb.height / 2;
    const x = (part: number): number => track.x + track.width * (0.5 - 0.45 * Math.cos(2 * Math.PI * part));
    await fingers.down(1, thumb.x + thumb.width / 2, y);
    asked = 0;
    const began = performance.now();
    for (let passed = 0; passed < DRAG_MS; passed = performance.now() - began) {
      await fingers.move({ id: 1, x: x(passed / 1_000), y });
    }
    const rate = (1_000 * asked) / (performance.now() - began);
    await fingers.up(1);
    assert.ok(await settled(page), 'the last picture of the drag is there');
    return rate;
  };
  const heatIs = async (state: string): Promise<void> => {
    const look = async (): Promise<string> => (await (await fetch(`${address}/api/v1/system`)).json()).heat.state;
    assert.equal(await eventually(look, now => now === state), state);
    // The event is on its way to the page.
    await new Promise(go => setTimeout(go, 500));
  };

  const well = await drag();
  sysfs.throttle('gpu-throttle-alert', 1);
  await heatIs('throttled');
  const throttled = await drag();
  const most = PICTURES_PER_SECOND.throttled ?? 0;
  assert.ok(throttled <= most + 1, `${throttled} a second where ${most} may be asked for`);
  assert.ok(throttled > most / 2, `${throttled} a second: it still follows the finger`);
  assert.ok(well > throttled, `${well} a second before`);
  // A page that comes later is told at once.
  await page.reload();
  await page.locator('ld-stage canvas').waitFor({ state: 'attached' });
  await putKindsAway(page);
  assert.ok(await settled(page));
  assert.ok((await drag()) <= most + 1, 'after a reload');
  const painted = await paintedOf(page, DRAG_MS);
  assert.ok(painted <= most + 1, `${painted} a second are painted beside the page, however fast they come`);
  assert.ok(painted > most / 2, `${painted} a second are painted`);
  assert.deepEqual(troubles, []);
  t.diagnostic(`${well.toFixed(1)} pictures a second well, ${throttled.toFixed(1)} throttled`);
  await close();
});
