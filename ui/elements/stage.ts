import { css, html, LitElement, type PropertyValues } from 'lit';
import type { Picture } from '../lib/dial-answer.ts';
import type { GarmentField } from '../lib/garment-field.ts';
import { GarmentGl } from '../lib/garment-gl.ts';
import type { Made, Order } from '../lib/garment-order.ts';
import type { Painted } from '../lib/garment-paint.ts';
import { workshop } from '../lib/garment-workshop.ts';
import { Latest } from '../lib/latest.ts';
import type { Drawing } from '../lib/screen.ts';

/** Pixels of the canvas while plain code draws a garment that moves: as many as it draws between two frames. */
const MOVING_SIZE = 384;
/** Pixels at most once it rests, and milliseconds after which it does. */
const RESTING_SIZE = 960;
const REST_MS = 260;
const LARGEST_SIZE = 1400;

export interface Drawn {
  readonly picture: Picture;
}

/**
 * The garment, large, lying on the paper with its own shadow. Its canvas is an eighth wider on each side than the picture,
 * so that no shadow is cut; give it room to hang over.
 * @fires drawn A picture is on the canvas, `detail.picture`.
 */
export class Stage extends LitElement {
  static override properties = {
    picture: { attribute: false },
    sharpen: { type: Number },
    label: {},
    drawing: {},
    perSecond: { type: Number },
    unseen: { type: Boolean },
  };
  static override styles = css`
    :host {
      display: block;
      aspect-ratio: 1;
      pointer-events: none;
    }

    canvas {
      display: block;
      width: 100%;
      height: 100%;
    }

    canvas.opaque {
      mix-blend-mode: var(--blend, multiply);
    }
  `;

  declare picture: Picture | undefined;
  declare sharpen: number;
  declare label: string;
  /** Taken once, when the stage is first drawn. */
  declare drawing: Drawing;
  /** Most pictures a second that are made ready; null for as many as come. What waits meanwhile is the newest. */
  declare perSecond: number | null;
  /** Something lies over it: nothing is drawn until it is seen again. */
  declare unseen: boolean;
  #gl: GarmentGl | undefined;
  /** What the graphics card draws, to be drawn again where the canvas is another. */
  #field: GarmentField | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;
  /** What is to be seen was not drawn while something lay over it. */
  #owed = false;
  readonly #made = new Latest<Order, Made>(
    order => workshop.make(order),
    (made, order) => this.#show(made, order),
    error => {
      throw error;
    },
  );
  /** Device pixels a side; asking the page for it amid a drag would lay everything out. */
  #side = 0;
  readonly #resized = new ResizeObserver(() => {
    const side = Math.round(this.clientWidth * devicePixelRatio);
    if (side === this.#side) return;
    this.#side = side;
    this.#order();
  });

  constructor() {
    super();
    this.sharpen = 1;
    this.label = '';
    this.drawing = 'auto';
    this.perSecond = null;
    this.unseen = false;
  }

  override render(): unknown {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    clearTimeout(this.#resting);
    this.#resting = undefined;
  }

  get #canvas(): HTMLCanvasElement {
    return this.renderRoot.querySelector('canvas')!;
  }

  protected override firstUpdated(): void {
    const canvas = this.#canvas;
    if (this.drawing !== 'canvas') this.#gl = GarmentGl.on(canvas, this.drawing === 'webgl');
    canvas.dataset.drawnBy = this.#gl === undefined ? 'canvas' : 'webgl';
    canvas.addEventListener('webglcontextlost', event => event.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => {
      this.#gl?.restore();
      this.#draw(this.sharpen);
    });
    this.#resized.observe(this);
  }

  /** Whether the garment that is to be seen is on the canvas, as fine as it will be, and every other that was asked for. */
  get still(): boolean {
    return this.#made.idle && this.#resting === undefined && workshop.idle;
  }

  protected override updated(changed: PropertyValues): void {
    this.#made.perSecond = this.perSecond;
    const another = changed.has('picture') || changed.has('sharpen');
    // Covered before it was drawn finely, or uncovered with something to draw; else it lies there as it was.
    const coveredOrNot = changed.has('unseen') && (this.unseen ? this.#resting !== undefined : this.#owed);
    if (another || coveredOrNot) this.#order();
  }

  /** Has the picture made ready: for the graphics card, or painted in plain code, coarsely while it moves. */
  #order(): void {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    this.#owed = this.unseen;
    if (this.unseen || this.picture === undefined || this.#side === 0) return;
    if (this.#gl !== undefined) {
      this.#put(undefined);
      return;
    }
    this.#put(Math.min(this.#side, MOVING_SIZE));
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      this.#put(Math.min(this.#side, RESTING_SIZE));
    }, REST_MS);
  }

  #put(size: number | undefined): void {
    const { picture, sharpen } = this;
    if (picture !== undefined) this.#made.put({ picture, sharpen, how: 'lying', size });
  }

  #show({ opaque, field, painted }: Made, { sharpen, picture }: Order): void {
    this.#canvas.classList.toggle('opaque', opaque);
    if (painted !== undefined) this.#paint(painted);
    else {
      this.#field = field;
      this.#draw(sharpen);
    }
    this.dispatchEvent(new CustomEvent<Drawn>('drawn', { detail: { picture } }));
  }

  #draw(sharpen: number): void {
    if (this.#gl === undefined || this.#field === undefined || this.#gl.lost) return;
    this.#fit(Math.min(LARGEST_SIZE, this.#side));
    this.#gl.draw(this.#field, sharpen);
  }

  #paint({ rgba, size }: Painted): void {
    this.#fit(size);
    this.#canvas.getContext('2d')?.putImageData(new ImageData(rgba, size, size), 0, 0);
  }

  #fit(size: number): void {
    const canvas = this.#canvas;
    if (canvas.width === size && canvas.height === size) return;
    canvas.width = size;
    canvas.height = size;
  }
}

customElements.define('ld-stage', Stage);
