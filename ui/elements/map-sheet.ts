import { css, html, LitElement, type PropertyValues } from 'lit';
import { drawnOut, type Sheet } from '../lib/map-answer.ts';
import {
  between,
  bounded,
  type Camera,
  panned,
  paperFor,
  type Size,
  type Spot,
  toScreen,
  toSheet,
  whole,
  zoomed,
} from '../lib/map-camera.ts';
import { Crowd } from '../lib/map-crowd.ts';
import { MapGestures } from '../lib/map-gestures.ts';
import { drawMap, pathsOf } from '../lib/map-ink.ts';
import { landOf } from '../lib/map-land.ts';
import { type Box, type Drawn, drawnAt } from '../lib/map-lay.ts';
import { MapPictures } from '../lib/map-pictures.ts';
import { memo } from '../lib/memo.ts';
import { noFling } from '../lib/no-fling.ts';

/** Milliseconds of a flight to a place, and how much closer one step of a button goes. */
const FLIGHT_MS = 420;
const STEP = 1.8;
/** Pixels around a stitch within which a finger finds it. */
const REACH = 44;

export interface SpotTouched {
  readonly sku: string;
}

/**
 * The map of the store, drawn on paper: dragged, pinched, and touched.
 * @fires touched A garment, or the one that stands for a place, `detail.sku`.
 */
export class MapSheet extends LitElement {
  static override properties = {
    sheet: { attribute: false },
    names: { attribute: false },
    here: {},
    stand: { type: Number },
    label: {},
    accent: {},
    reduced: { type: Boolean },
    covered: { attribute: false },
  };
  static override styles = css`
    :host {
      display: block;
      position: relative;
      overflow: hidden;
    }

    canvas {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      touch-action: none;
    }
  `;

  declare sheet: Sheet | undefined;
  /** What each place is called. */
  declare names: readonly string[];
  /** The SKU of the garment where the pin stands; undefined for none. */
  declare here: string | undefined;
  /** The place that a keyboard stands on; -1 for none. */
  declare stand: number;
  declare label: string;
  /** CSS. */
  declare accent: string;
  declare reduced: boolean;
  /** What of the view lies under buttons, pixels: no name goes there. */
  declare covered: Box | undefined;

  #camera: Camera | undefined;
  #drawn: Drawn = { labels: [], pictures: [], wanted: [] };
  #frame: number | undefined;
  #flight: number | undefined;
  readonly #pictures = new MapPictures(() => this.#draw());
  readonly #resized = new ResizeObserver(() => this.#resize());
  readonly #gestures = new MapGestures({
    pan: by => this.#move(panned(this.#here, this.#size, by)),
    pinch: (factor, about, by) => this.#move(zoomed(panned(this.#here, this.#size, by), this.#size, factor, about)),
    tap: at => this.#tap(at),
  });

  readonly #crowd = memo((sheet: Sheet) => new Crowd(sheet));
  readonly #paths = memo((sheet: Sheet, width: number, height: number) => pathsOf(landOf(sheet, { width, height })));
  readonly #laid = memo(drawnOut);
  readonly #rows = memo((sheet: Sheet) => new Map(sheet.skus.map((sku, row) => [sku, row])));

  constructor() {
    super();
    this.names = [];
    this.stand = -1;
    this.label = '';
    this.accent = '#7a3b2c';
    this.reduced = false;
  }

  override render(): unknown {
    return html`<canvas
      role="img"
      aria-label=${this.label}
      @touchstart=${noFling}
      @pointerdown=${this.#onDown}
      @pointermove=${this.#onMove}
      @pointerup=${this.#onUp}
      @pointercancel=${this.#onCancel}
      @wheel=${this.#onWheel}
    ></canvas>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#land();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  protected override firstUpdated(): void {
    this.#resized.observe(this);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('stand') && this.stand >= 0) this.#goTo(this.stand);
    this.#draw();
  }

  /** One step closer, or farther away. */
  zoom(direction: 1 | -1): void {
    this.#fly(zoomed(this.#here, this.#size, STEP ** direction, this.#middle));
  }

  /** What is come closer to: the pin while it is in sight, else the middle. */
  get #middle(): Spot {
    const { width, height } = this.#size;
    const sheet = this.#paper;
    const pin = sheet && this.#spotOf(sheet, this.here);
    const at = pin && toScreen(this.#here, this.#size, pin);
    return at && at.x > 0 && at.x < width && at.y > 0 && at.y < height ? at : { x: width / 2, y: height / 2 };
  }

  showAll(): void {
    this.#fly(whole(this.#size));
  }

  /** The sheet as it is drawn here. */
  get #paper(): Sheet | undefined {
    const { width, height } = paperFor(this.#size);
    return this.sheet && this.#laid(this.sheet, width, height);
  }

  get #size(): Size {
    return { width: this.clientWidth, height: this.clientHeight };
  }

  get #here(): Camera {
    this.#camera ??= whole(this.#size);
    return this.#camera;
  }

  get #canvas(): HTMLCanvasElement | null {
    return this.renderRoot.querySelector('canvas');
  }

  #resize(): void {
    const { width, height } = this.#size;
    const canvas = this.#canvas;
    if (width === 0 || canvas === null) return;
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    this.#camera = this.#camera === undefined ? whole(this.#size) : bounded(this.#camera, this.#size);
    // Emptied with its size: drawn before anybody sees it.
    this.#paint();
  }

  /** Brings a place into sight. */
  #goTo(place: number): void {
    const spot = this.#paper?.places[place];
    if (spot === undefined) return;
    const { width, height } = this.#size;
    const { x, y } = toScreen(this.#here, this.#size, spot);
    if (x > 0.15 * width && x < 0.85 * width && y > 0.15 * height && y < 0.85 * height) return;
    this.#fly(bounded({ ...this.#here, x: spot.x, y: spot.y }, this.#size));
  }

  #move(camera: Camera): void {
    this.#land();
    this.#camera = camera;
    this.#draw();
  }

  #fly(to: Camera): void {
    this.#land();
    const from = this.#here;
    if (this.reduced) {
      this.#move(to);
      return;
    }
    let began: number | undefined;
    const step = (now: number): void => {
      began ??= now;
      const part = Math.min(1, (now - began) / FLIGHT_MS);
      this.#camera = between(from, to, 1 - (1 - part) ** 3);
      this.#flight = part < 1 ? requestAnimationFrame(step) : undefined;
      this.#paint();
    };
    this.#flight = requestAnimationFrame(step);
  }

  /** Stays where a flight has come to. */
  #land(): void {
    if (this.#flight !== undefined) cancelAnimationFrame(this.#flight);
    this.#flight = undefined;
  }

  #draw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#paint();
    });
  }

  #paint(): void {
    const sheet = this.#paper;
    const canvas = this.#canvas;
    const context = canvas?.getContext('2d');
    if (canvas === null || context === null || context === undefined || canvas.width === 0) return;
    if (sheet === undefined) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    const pictures = this.#pictures;
    const paper = paperFor(this.#size);
    const scene = {
      sheet,
      crowd: this.#crowd(sheet),
      paths: this.#paths(sheet, paper.width, paper.height),
      names: this.names,
      tints: sheet.places.map(({ sku }) => pictures.wash(sku)),
      picture: (sku: string) => pictures.of(sku),
      covered: this.covered,
      closeness: this.#here.scale / whole(this.#size).scale,
      here: this.#spotOf(sheet, this.here),
      accent: this.accent,
      focus: this.stand,
      direction: getComputedStyle(this).direction as CanvasDirection,
    };
    this.#drawn = drawMap(context, this.#size, this.#here, scene, canvas.width / Math.max(1, this.clientWidth));
    // Those that stand for a place first: they lend it its colour.
    pictures.want([...sheet.places.flatMap(({ sku }) => sku ?? []), ...this.#drawn.wanted]);
    canvas.ariaBusy = String(this.#flight !== undefined || pictures.fetching);
  }

  #spotOf(sheet: Sheet, sku: string | undefined): Spot | undefined {
    const row = sku === undefined ? undefined : this.#rows(sheet).get(sku);
    return row === undefined ? undefined : { x: sheet.xy[2 * row]!, y: sheet.xy[2 * row + 1]! };
  }

  /** What lies on top is touched: a name, then a picture, then the stitch that is nearest. */
  #tap({ x, y }: Spot): void {
    const sheet = this.#paper;
    if (sheet === undefined) return;
    const { label, picture } = drawnAt(this.#drawn, { x, y });
    const stitch = this.#crowd(sheet).nearest(toSheet(this.#here, this.#size, { x, y }), REACH / this.#here.scale);
    const sku =
      label !== undefined
        ? sheet.places[label.place]?.sku
        : sheet.skus[picture === undefined ? stitch : picture.garment];
    if (typeof sku === 'string') this.dispatchEvent(new CustomEvent<SpotTouched>('touched', { detail: { sku } }));
  }

  #at({ clientX, clientY }: PointerEvent | WheelEvent): Spot {
    const { left, top } = this.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  readonly #onDown = (event: PointerEvent): void => {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#gestures.down(event.pointerId, this.#at(event));
  };
  readonly #onMove = (event: PointerEvent): void => this.#gestures.move(event.pointerId, this.#at(event));
  readonly #onUp = (event: PointerEvent): void => this.#gestures.up(event.pointerId);
  readonly #onCancel = (event: PointerEvent): void => this.#gestures.cancel(event.pointerId);
  readonly #onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    this.#move(zoomed(this.#here, this.#size, 2 ** (-event.deltaY / 300), this.#at(event)));
  };
}

customElements.define('ld-map-sheet', MapSheet);
