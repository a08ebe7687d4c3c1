/** What runs in the kiosk's page while its map is measured: it times the frames, and when the map is there after a touch. */

/** Milliseconds of the page's clock, of what has happened since it was last asked. */
export interface MapMeasured {
  /** Between two frames, one after another. */
  readonly frames: readonly number[];
  /** From the last touch to the end of the frame that the store is drawn in; NaN where it is not yet. */
  readonly drawn: number;
  /** To that in which every picture in sight is there. */
  readonly pictured: number;
}

// The page's own, as far as the probe needs it: the daemon's program knows no page.
interface PageNode {
  readonly shadowRoot: { querySelector(name: string): PageNode | null } | null;
  readonly ariaBusy: string | null;
}
interface PageWindow {
  readonly document: { querySelector(name: string): PageNode | null };
  addEventListener(type: 'pointerdown', listener: (event: { readonly timeStamp: number }) => void, capture: true): void;
  requestAnimationFrame(run: (now: number) => void): void;
}

/** The name under which the page has the function that hands over what was measured. */
export const MAP_MEASURED = 'lookdialMapMeasured';

/** Runs in the page. */
export function watchMap(measuredName: string): void {
  const page = globalThis as unknown as PageWindow;
  let [touched, drawn, pictured, last] = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  let frames: number[] = [];
  page.addEventListener(
    'pointerdown',
    ({ timeStamp }) => {
      [touched, drawn, pictured] = [timeStamp, Number.NaN, Number.NaN];
    },
    true,
  );
  const canvas = (): PageNode | null =>
    ['ld-explore', 'ld-map-sheet', 'canvas'].reduce<PageNode | null>(
      (node, name) => node?.shadowRoot?.querySelector(name) ?? null,
      page.document.querySelector('ld-kiosk'),
    );
  const { port1, port2 } = new MessageChannel();
  // After the frame: it says that it is busy, or no longer, when it has drawn.
  Reflect.set(port1, 'onmessage', () => {
    const now = performance.now();
    const busy = canvas()?.ariaBusy ?? null;
    if (busy !== null && Number.isNaN(drawn)) drawn = now - touched;
    if (busy === 'false' && Number.isNaN(pictured)) pictured = now - touched;
  });
  const step = (now: number): void => {
    if (!Number.isNaN(last)) frames.push(now - last);
    last = now;
    port2.postMessage(undefined);
    page.requestAnimationFrame(step);
  };
  page.requestAnimationFrame(step);
  Reflect.set(globalThis, measuredName, () => {
    const handed = { frames, drawn, pictured };
    frames = [];
    return handed;
  });
}
