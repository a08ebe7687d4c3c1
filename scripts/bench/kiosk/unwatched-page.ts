/**
 * A page that no debugger watches, as a store's is. Playwright has the debugger record what its pages fetch: 200 MB of pictures'
 * answers after a minute of dragging, and a heap that grows with what it notes of each. Here it is asked to run something in the
 * page, and nothing else.
 */
import type { Browser, CDPSession, Page } from 'playwright-core';
import { eventually } from '../../../test/support/browser-page.ts';
import type { InPage } from '../hand.ts';

/** How long is waited for the page, seconds. */
const PATIENCE = 30;

interface Answer {
  readonly id?: number;
  readonly result?: { readonly result?: { readonly value?: unknown }; readonly exceptionDetails?: unknown };
  readonly error?: { readonly message: string };
}

export class UnwatchedPage implements InPage {
  readonly #browser: CDPSession;
  readonly #session: string;
  readonly #asked = new Map<number, PromiseWithResolvers<NonNullable<Answer['result']>>>();
  #questions = 0;

  private constructor(browser: CDPSession, session: string) {
    this.#browser = browser;
    this.#session = session;
    browser.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
      if (sessionId === session) this.#answered(JSON.parse(message) as Answer);
    });
    browser.on('Target.detachedFromTarget', ({ sessionId }) => {
      if (sessionId !== session) return;
      for (const { reject } of this.#asked.values()) reject(new Error('The page is gone.'));
      this.#asked.clear();
    });
  }

  /** Opens an address on a touchscreen of this size, CSS pixels. It stays until the browser is closed. */
  static async open(browser: Browser, url: string, size: { width: number; height: number }): Promise<UnwatchedPage> {
    const session = await browser.newBrowserCDPSession();
    const { browserContextId } = await session.send('Target.createBrowserContext');
    const { targetId } = await session.send('Target.createTarget', { url: 'about:blank', browserContextId, ...size });
    // Not flat: a session of Playwright's speaks for itself alone, and hands on what is meant for another.
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    const page = new UnwatchedPage(session, sessionId);
    await page.#ask('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 1, mobile: false });
    await page.#ask('Emulation.setTouchEmulationEnabled', { enabled: true });
    await page.#ask('Page.navigate', { url });
    return page;
  }

  /**
   * Runs in the page: an expression, or a function with what it is given.
   * @throws Error with what the page throws
   */
  readonly evaluate = (async (run: unknown, given?: unknown): Promise<unknown> => {
    const expression = typeof run === 'string' ? run : `(${run})(${JSON.stringify(given)})`;
    const answer = await this.#ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
    return answer.result?.value;
  }) as Page['evaluate'];

  /** Waits until an expression is true in the page. @throws Error where it is not within half a minute */
  async until(expression: string): Promise<void> {
    const came = await eventually(() => this.evaluate<boolean>(expression), Boolean, PATIENCE);
    if (!came) throw new Error(`The page does not come to: ${expression}`);
  }

  /** Bytes of the page's own objects after a collection. */
  async heap(): Promise<number> {
    await this.#ask('HeapProfiler.collectGarbage');
    const { usedSize } = (await this.#ask('Runtime.getHeapUsage')) as unknown as { usedSize: number };
    return usedSize;
  }

  async #ask(method: string, params: object = {}): Promise<NonNullable<Answer['result']>> {
    const id = ++this.#questions;
    const asked = Promise.withResolvers<NonNullable<Answer['result']>>();
    this.#asked.set(id, asked);
    const message = JSON.stringify({ id, method, params });
    await this.#browser.send('Target.sendMessageToTarget', { sessionId: this.#session, message });
    return asked.promise;
  }

  #answered({ id, result, error }: Answer): void {
    if (id === undefined) return;
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error === undefined) asked?.resolve(result ?? {});
    else asked?.reject(new Error(error.message));
  }
}
