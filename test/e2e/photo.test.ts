import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, ElementHandle, Page } from 'playwright-core';
import sharp from 'sharp';
import { launchBrowser } from '../support/browser.ts';
import { decodedMegabytes } from '../support/browser-memory.ts';
import { eventually, openScreen, PORTRAIT, putKindsAway } from '../support/browser-page.ts';
import { startFakeDaemon } from '../support/fake-daemon.ts';

const SIDE = 240;
const RED = { r: 200, g: 20, b: 20 };
const BLUE = { r: 20, g: 20, b: 200 };
type Colour = typeof RED;

/** A garment of one colour, from (60, 30) up to (180, 210), with nothing around it. */
async function garment(colour: Colour): Promise<Buffer> {
  const cloth = { create: { width: 120, height: 180, channels: 4, background: { ...colour, alpha: 1 } } } as const;
  const paper = {
    create: { width: SIDE, height: SIDE, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  } as const;
  return await sharp(paper)
    .composite([{ input: await sharp(cloth).png().toBuffer(), left: 60, top: 30 }])
    .webp({ lossless: true })
    .toBuffer();
}

interface PhotoElement {
  src: string;
}

const BOX = 200;
/** Room for the shadow on each side and below, of a screen whose rem is 16 pixels. */
const [BESIDE, BELOW] = [24, 32];

/** A photo on the page, before all else. */
const hang = (page: Page): Promise<ElementHandle<PhotoElement>> =>
  page.evaluateHandle(side => {
    const photo = document.createElement('ld-photo');
    photo.style.cssText = `position: fixed; inset: 50px; width: ${side}px; height: ${side}px; z-index: 9`;
    document.body.append(photo);
    return photo as HTMLElement & { src: string };
  }, BOX);

interface Seen {
  readonly classes: string;
  readonly width: number;
  readonly height: number;
  /** Of the pixel in the middle of the box. */
  readonly middle: readonly number[];
  /** First and last row and column of pixels that are the garment's, and no shadow. */
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  /** Alpha of the shadow, some pixels below the garment. */
  readonly shadow: number;
}

const seen = (photo: ElementHandle<PhotoElement>): Promise<Seen> =>
  photo.evaluate(element => {
    const canvas = (element as unknown as HTMLElement).shadowRoot!.querySelector('canvas')!;
    const { width, height, className } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    const alpha = (x: number, y: number): number => data[(y * width + x) * 4 + 3]!;
    const [middleX, middleY] = [width >> 1, Math.round(height / 2.5)];
    const whole = (count: number, at: (place: number) => number): [number, number] => {
      const places = Array.from({ length: count }, (_, place) => place).filter(place => at(place) > 250);
      return [places.at(0) ?? -1, places.at(-1) ?? -1];
    };
    const rows = whole(height, y => alpha(middleX, y));
    return {
      classes: className,
      width,
      height,
      middle: [...data.slice((middleY * width + middleX) * 4).slice(0, 4)],
      rows,
      columns: whole(width, x => alpha(x, middleY)),
      shadow: alpha(middleX, Math.min(height - 1, rows[1] + 8)),
    };
  });

const show = (photo: ElementHandle<PhotoElement>, src: string): Promise<void> =>
  photo.evaluate((element, address) => {
    element.src = address;
  }, src);

const until = (photo: ElementHandle<PhotoElement>, word: string): Promise<Seen> =>
  eventually(
    () => seen(photo),
    ({ classes }) => classes.split(' ').includes(word),
  );

describe('the picture of a garment', () => {
  let browser: Browser;
  let daemon: Awaited<ReturnType<typeof startFakeDaemon>>;
  before(async () => {
    browser = await launchBrowser({ webgl: false });
    daemon = await startFakeDaemon();
  });
  after(async () => {
    await browser?.close();
    await daemon?.stop();
  });

  it('is cut to the garment and hangs from the top, as large as it fits, over its shadow', async () => {
    const { page, close } = await openScreen(browser, daemon.url);
    await page.route('**/red?*', async route => route.fulfill({ body: await garment(RED), contentType: 'image/webp' }));
    const photo = await hang(page);
    await show(photo, '/red');
    const { classes, width, height, middle, rows, columns, shadow } = await until(photo, 'ready');
    assert.deepEqual([classes, width, height], ['ready', BOX + 2 * BESIDE, BOX + BELOW]);
    assert.deepEqual(middle, [200, 20, 20, 255]);
    // It is looked for in 64 x 64 cells of 3.75 pixels, and has one of them around it, whole or in part.
    const rim = 9;
    assert.ok(rows[0] >= 0 && rows[0] <= rim, `it begins ${rows[0]} pixels below the top`);
    assert.ok(rows[1] >= BOX - rim && rows[1] < BOX, `it ends at ${rows[1]}`);
    const [left, right] = [columns[0] - BESIDE, BESIDE + BOX - 1 - columns[1]];
    assert.ok(Math.abs(left - right) <= 3, `${left} pixels on its left, ${right} on its right`);
    const shape = (columns[1] - columns[0]) / (rows[1] - rows[0]);
    assert.ok(Math.abs(shape - 120 / 180) < 0.02, `its sides are as ${shape}`);
    assert.ok(shadow > 10 && shadow < 60, `its shadow has ${shadow} of 255`);
    await close();
  });

  it('is drawn anew where its room is another', async () => {
    const { page, close } = await openScreen(browser, daemon.url);
    await page.route('**/red?*', async route => route.fulfill({ body: await garment(RED), contentType: 'image/webp' }));
    const photo = await hang(page);
    await show(photo, '/red');
    await until(photo, 'ready');
    await photo.evaluate((element, side) => {
      (element as unknown as HTMLElement).style.width = `${side}px`;
    }, 2 * BOX);
    const wide = await eventually(
      () => seen(photo),
      ({ width }) => width === 2 * BOX + 2 * BESIDE,
    );
    assert.deepEqual([wide.classes, wide.width, wide.height], ['ready', 2 * BOX + 2 * BESIDE, BOX + BELOW]);
    await close();
  });

  it('leaves its hanger empty where it is not to be had, and hangs once another is', async () => {
    const { page, close } = await openScreen(browser, daemon.url);
    await page.route('**/gone?*', route => route.fulfill({ status: 404, body: '{}' }));
    await page.route('**/broken?*', route => route.fulfill({ body: 'no picture', contentType: 'image/webp' }));
    await page.route('**/red?*', async route => route.fulfill({ body: await garment(RED), contentType: 'image/webp' }));
    const photo = await hang(page);
    for (const address of ['/gone', '/broken']) {
      await show(photo, address);
      assert.equal((await until(photo, 'missing')).classes, 'missing');
      await show(photo, '/red');
      assert.equal((await until(photo, 'ready')).classes, 'ready');
    }
    await close();
  });

  it('is that of the last garment, however late the one before comes', async () => {
    const { page, close } = await openScreen(browser, daemon.url);
    const late = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await page.route('**/red?*', async route => {
      asked.resolve();
      await late.promise;
      // By now nobody waits for it.
      await route.fulfill({ body: await garment(RED), contentType: 'image/webp' }).catch(() => undefined);
    });
    await page.route('**/blue?*', async route =>
      route.fulfill({ body: await garment(BLUE), contentType: 'image/webp' }),
    );
    const photo = await hang(page);
    await show(photo, '/red');
    await asked.promise;
    await show(photo, '/blue');
    assert.deepEqual((await until(photo, 'ready')).middle, [20, 20, 200, 255]);
    late.resolve();
    await page.waitForTimeout(300);
    const { classes, middle } = await seen(photo);
    assert.deepEqual([classes, middle], ['ready', [20, 20, 200, 255]]);
    await close();
  });

  it('has the pixels that the screen shows of it, and few more', async () => {
    for (const [scale, sizes] of [
      [1, { kinds: '640', rail: '240', 'goes with it': '160' }],
      [2, { kinds: '1280', rail: '640', 'goes with it': '240' }],
    ] as const) {
      const context = await browser.newContext({ viewport: PORTRAIT, deviceScaleFactor: scale });
      const page = await context.newPage();
      const asked = new Set<string | null>();
      page.on('request', request => {
        const { pathname, searchParams } = new URL(request.url());
        if (pathname.endsWith('/image')) asked.add(searchParams.get('size'));
      });
      await page.goto(`${daemon.url}?idle=off`);
      for (const place of ['ld-kinds-view', 'ld-design ld-hanger', 'ld-design ld-chain-strip']) {
        if (place === 'ld-design ld-hanger') await putKindsAway(page);
        await page.locator(`${place} ld-photo canvas.ready`).first().waitFor();
      }
      assert.deepEqual([...asked].toSorted(), Object.values(sizes).toSorted(), `at ${scale} pixels a CSS pixel`);
      await context.close();
    }
  });

  it('leaves nothing decoded behind once it is another', async () => {
    const { page, close } = await openScreen(browser, daemon.url);
    const picture = await garment(RED);
    await page.route('**/garment-*', route => route.fulfill({ body: picture, contentType: 'image/webp' }));
    const photo = await hang(page);
    const showMany = async (from: number, to: number): Promise<void> => {
      for (let number = from; number < to; number++) {
        await show(photo, `/garment-${number}`);
        assert.equal((await until(photo, 'ready')).classes, 'ready');
      }
    };
    await showMany(0, 5);
    const before = await decodedMegabytes(browser);
    const shown = 40;
    await showMany(5, 5 + shown);
    const gained = (await decodedMegabytes(browser)) - before;
    // As pictures of the page they would all be kept.
    assert.ok(gained < (0.1 * shown * SIDE * SIDE * 4) / 2 ** 20, `${gained} MB of ${shown} pictures`);
    await close();
  });
});
