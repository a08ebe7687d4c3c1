/** A kiosk's screen in a test: one touch page, the fingers on it, what it says on its console, and what it looks like. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, CDPSession, Locator, Page, Request } from 'playwright-core';
import sharp from 'sharp';

const DIST = fileURLToPath(new URL('../../ui/dist/index.html', import.meta.url));

export const PORTRAIT = { width: 1080, height: 1920 } as const;
export const LANDSCAPE = { width: 1920, height: 1080 } as const;

export interface Screen {
  readonly page: Page;
  readonly fingers: Fingers;
  /** Errors on the console (a breach of the page's security policy among them) and uncaught exceptions so far. */
  readonly troubles: string[];
  close(): Promise<void>;
}

interface ScreenOptions {
  readonly size?: { readonly width: number; readonly height: number };
  readonly lang?: string;
  readonly reducedMotion?: boolean;
  /** Parameters of the page's address; `idle=off` unless said. */
  readonly address?: string;
  /** The store is not shown to this screen: what it has of the page is waited for, and no garment. */
  readonly closed?: boolean;
  /** What every request of the page bears. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Stays at the pictures of the kinds; else they are put away, and nothing is chosen. */
  readonly kinds?: boolean;
}

/** What is asked once the hand rests. */
const ASKED_AT_REST = /\/api\/v1\/(match|goes-with)$/;
const unanswered = new WeakMap<Page, Set<Request>>();

/** Opens the kiosk and waits for its first garments. */
export async function openScreen(browser: Browser, url: string, options: ScreenOptions = {}): Promise<Screen> {
  if (!existsSync(DIST)) throw new Error('The kiosk is not built: run npm run build first.');
  const { size = PORTRAIT, lang = 'en', reducedMotion = false, closed = false, headers = {}, kinds = false } = options;
  const { address = 'idle=off' } = options;
  const context = await browser.newContext({
    viewport: size,
    hasTouch: true,
    extraHTTPHeaders: headers,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const asked = new Set<Request>();
  unanswered.set(page, asked);
  page.on('request', request => {
    if (ASKED_AT_REST.test(request.url())) asked.add(request);
  });
  page.on('requestfinished', request => asked.delete(request));
  page.on('requestfailed', request => asked.delete(request));
  const troubles: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', error => troubles.push(String(error)));
  // Nobody is away in a test, unless it says so.
  await page.goto(`${url}?lang=${lang}&${address}`);
  await page.locator(closed ? 'ld-kiosk .corner' : 'ld-design').waitFor({ state: 'attached' });
  if (!closed) await page.locator('ld-stage canvas').first().waitFor({ state: 'attached' });
  if (!closed && !kinds) await putKindsAway(page);
  return { page, fingers: new Fingers(await context.newCDPSession(page)), troubles, close: () => context.close() };
}

/** Goes on to the dials as somebody would who has chosen nothing. */
export async function putKindsAway(page: Page): Promise<void> {
  await page.locator('ld-design').evaluate(view => Reflect.get(view, 'session').pick(false));
  await page.locator('ld-stage canvas:visible').first().waitFor();
}

/** Presses the corner as staff do. */
export async function pressCorner({ fingers, page }: Screen): Promise<void> {
  await fingers.down(1, 20, 20);
  await page.locator('ld-staff dialog').waitFor();
  await fingers.up(1);
}

/** Types a PIN or a code on the pad. */
export async function typeDigits(page: Page, digits: string): Promise<void> {
  for (const digit of digits) {
    await page.locator('ld-pin-pad').getByRole('button', { name: digit, exact: true }).tap();
  }
  await page.locator('ld-pin-pad .done').tap();
}

interface Touch {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

/** Fingers on the glass, as many as one likes at once. */
export class Fingers {
  readonly #session: CDPSession;
  #touching: Touch[] = [];

  constructor(session: CDPSession) {
    this.#session = session;
  }

  async down(id: number, x: number, y: number): Promise<void> {
    this.#touching = [...this.#touching, { id, x, y }];
    await this.#send('touchStart');
  }

  /** Moves some of the fingers at the same moment. */
  async move(...moved: Touch[]): Promise<void> {
    this.#touching = this.#touching.map(touch => moved.find(({ id }) => id === touch.id) ?? touch);
    await this.#send('touchMove');
  }

  async up(id: number): Promise<void> {
    this.#touching = this.#touching.filter(touch => touch.id !== id);
    await this.#send('touchEnd');
  }

  /** All of them are taken away, as by a gesture of the system. */
  async cancel(): Promise<void> {
    this.#touching = [];
    await this.#send('touchCancel');
  }

  async tap(x: number, y: number): Promise<void> {
    await this.down(9, x, y);
    await this.up(9);
  }

  /** Two taps 80 ms apart, by the events' own time stamps: a busy machine makes no slow hand. */
  async doubleTap(x: number, y: number): Promise<void> {
    const began = Date.now() / 1000;
    for (const tap of [0, 1]) {
      this.#touching = [{ id: 9, x, y }];
      await this.#send('touchStart', began + tap * 0.08);
      this.#touching = [];
      await this.#send('touchEnd', began + tap * 0.08 + 0.03);
    }
  }

  async #send(type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel', seconds?: number): Promise<void> {
    const timestamp = seconds === undefined ? {} : { timestamp: seconds };
    await this.#session.send('Input.dispatchTouchEvent', { type, touchPoints: this.#touching, ...timestamp });
  }
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** What an element looks like on the screen. */
export async function pixelsOf(locator: Locator): Promise<Pixels> {
  const image = sharp(await locator.screenshot({ animations: 'disabled' }))
    .removeAlpha()
    .raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** Mean absolute difference a channel, 0..255. */
export function difference(one: Pixels, other: Pixels): number {
  if (one.rgb.length !== other.rgb.length) {
    throw new RangeError(`A picture of ${one.width} x ${one.height} against one of ${other.width} x ${other.height}.`);
  }
  let sum = 0;
  for (let at = 0; at < one.rgb.length; at++) sum += Math.abs(one.rgb[at]! - other.rgb[at]!);
  return sum / one.rgb.length;
}

/** Asks again until the answer is right, or the time is over: then the last answer is returned for the assertion to show. */
export async function eventually<T>(ask: () => Promise<T>, right: (answer: T) => boolean, seconds = 20): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (right(answer) || performance.now() > end) return answer;
    await new Promise(go => setTimeout(go, 60));
  }
}

/** Runs in the page. */
const SETTLED = `(view => view.session.display.settled && !view.session.display.lookingAgain && !view.session.busy
  && view.session.dials.length === view.session.model.latentDim
  && view.shadowRoot.querySelector('ld-stage').still
  && [...(view.shadowRoot.querySelector('ld-hands')?.shadowRoot.querySelectorAll('ld-dial') ?? [])].every(dial => dial.fresh))
  (document.querySelector('ld-kiosk').shadowRoot.querySelector('ld-design'))`;

/** Whether the picture, the rail, what goes with it and the dials' end pictures all belong to what is dialled; waits until they do. */
export const settled = (page: Page, seconds?: number): Promise<boolean> =>
  eventually(async () => (await page.evaluate<boolean>(SETTLED)) && !unanswered.get(page)?.size, Boolean, seconds);
