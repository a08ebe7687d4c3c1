/**
 * What runs in the kiosk's page while it is measured: it takes the time between a finger's movement and the frame that shows
 * the picture of it. The page is as it is shipped; its own objects are watched from outside.
 */

/** Milliseconds of the page's clock, of what has happened since it was last asked. */
export interface Measured {
  /** From a finger's movement to the end of the frame with its picture; one a picture. */
  readonly fingerToPicture: readonly number[];
  /** When each of those pictures was on the screen. */
  readonly shownAt: readonly number[];
  /** From a finger's last movement to the end of the frame in which the matches hang that belong to it; one a rest. */
  readonly restToMatches: readonly number[];
  /** From a finger's touch to the end of the next frame; one a tap. */
  readonly tapToFrame: readonly number[];
  /** Questions that failed. */
  readonly failed: number;
}

// The page's own, as far as the probe needs it: the daemon's program knows no page.
interface TouchEvent {
  readonly type: string;
  readonly timeStamp: number;
  composedPath(): readonly { readonly classList?: { contains(name: string): boolean } }[];
}
interface Display {
  readonly settled: boolean;
  moved(question: unknown): void;
  show(answer: { readonly picture: object }): void;
}
interface PageElement {
  readonly shadowRoot: { querySelector(name: string): PageElement };
  addEventListener(type: 'drawn', listener: (event: { readonly detail: { readonly picture: object } }) => void): void;
}
interface Session {
  readonly display: Display;
  addEventListener(type: 'change', listener: () => void): void;
}
interface PageWindow {
  fetch(address: string, init?: { body?: unknown }): Promise<unknown>;
  addEventListener(type: string, listener: (event: TouchEvent) => void, options: { capture: true }): void;
  requestAnimationFrame(run: () => void): void;
  readonly document: unknown;
}

/** The name under which the page has the function that hands over what was measured. */
export const MEASURED = 'lookdialMeasured';

/** Runs in the page once the shop window is there. @param view the design view's element */
export function watch(view: object, measuredName: string): void {
  const page = globalThis as unknown as PageWindow;
  const session = Reflect.get(view, 'session') as Session;
  const { display } = session;
  let measured: { -readonly [K in keyof Measured]: Measured[K] extends number ? number : number[] };
  const empty = (): typeof measured => ({
    fingerToPicture: [],
    shownAt: [],
    restToMatches: [],
    tapToFrame: [],
    failed: 0,
  });
  measured = empty();

  /** After the frame that is drawn next. */
  const afterFrame = (run: (now: number) => void): void => {
    const { port1, port2 } = new MessageChannel();
    Reflect.set(port1, 'onmessage', () => {
      port1.close();
      run(performance.now());
    });
    page.requestAnimationFrame(() => port2.postMessage(undefined));
  };

  let finger = Number.NaN;
  let dragging = false;
  const onTrack = (event: TouchEvent): boolean =>
    event.composedPath().some(element => element.classList?.contains('track') === true);
  page.addEventListener(
    'pointerdown',
    event => {
      dragging = onTrack(event);
      finger = event.timeStamp;
      if (dragging) return;
      const { timeStamp } = event;
      afterFrame(now => measured.tapToFrame.push(now - timeStamp));
    },
    { capture: true },
  );
  for (const moving of ['pointerrawupdate', 'pointermove']) {
    page.addEventListener(
      moving,
      event => {
        finger = event.timeStamp;
      },
      { capture: true },
    );
  }

  /** When the finger asked each question, by the question's text; and of those that are asked, in their order. */
  const asked = new Map<unknown, number>();
  const onTheWay: number[] = [];
  let lastMove = Number.NaN;
  const questions = new WeakMap<object, number>();
  const moved = display.moved.bind(display);
  display.moved = question => {
    if (dragging) {
      lastMove = finger;
      if (question !== undefined) questions.set(question as object, finger);
    } else lastMove = Number.NaN;
    moved(question);
  };
  const stringify = JSON.stringify.bind(JSON);
  JSON.stringify = (value: unknown, ...more: unknown[]) => {
    const text = Reflect.apply(stringify, undefined, [value, ...more]) as string;
    const at = typeof value === 'object' && value !== null ? questions.get(value) : undefined;
    if (at !== undefined) asked.set(text, at);
    return text;
  };
  const fetched = page.fetch.bind(page);
  page.fetch = async (address, init) => {
    if (!String(address).endsWith('/dial')) return await fetched(address, init);
    onTheWay.push(asked.get(init?.body) ?? Number.NaN);
    asked.delete(init?.body);
    try {
      return await fetched(address, init);
    } catch (error) {
      onTheWay.shift();
      measured.failed++;
      throw error;
    }
  };
  /** When the finger was where each picture is of. */
  const pictured = new WeakMap<object, number>();
  const show = display.show.bind(display);
  display.show = answer => {
    const at = onTheWay.shift() ?? Number.NaN;
    if (!Number.isNaN(at)) pictured.set(answer.picture, at);
    show(answer);
  };
  const stage = (view as PageElement).shadowRoot.querySelector('ld-stage');
  stage.addEventListener('drawn', ({ detail: { picture } }) => {
    const at = pictured.get(picture);
    if (at === undefined) return;
    // At rest it is drawn once more, finer.
    pictured.delete(picture);
    afterFrame(now => {
      measured.fingerToPicture.push(now - at);
      measured.shownAt.push(now);
    });
  });

  let settled = display.settled;
  session.addEventListener('change', () => {
    if (display.settled && !settled && !Number.isNaN(lastMove)) {
      const from = lastMove;
      afterFrame(now => measured.restToMatches.push(now - from));
    }
    settled = display.settled;
  });

  Reflect.set(globalThis, measuredName, () => {
    const handed = measured;
    measured = empty();
    return handed;
  });
}
