import { css, html, LitElement, type PropertyValues } from 'lit';
import type { Picture } from '../lib/dial-answer.ts';
import { fieldOf, type GarmentField } from '../lib/garment-field.ts';
import { GarmentGl } from '../lib/garment-gl.ts';
import { paint } from '../lib/garment-paint.ts';
import type { Drawing } from '../lib/screen.ts';

/** Pixels of the canvas while plain code draws a garment that moves: as many as it draws between two frames. */
const MOVING_SIZE = 384;
/** Pixels at most once it rests, and milliseconds after which it does. */
const RESTING_SIZE = 960;
const REST_MS = 140;
const LARGEST_SIZE = 1400;

/**
 * The garment, large, lying on the paper with its own shadow. Its canvas is an eighth wider on each side than the picture,
 * so that no shadow is cut; give it room to hang over.
 */
export class Stage extends LitElement {
  static override properties = {
    picture: { attribute: false },
    sharpen: { type: Number },
    label: {},
    drawing: {},
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
  #gl: GarmentGl | undefined;
  #field: GarmentField | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;
  readonly #resized = new ResizeObserver(() => this.#draw());

  constructor() {
    super();
    this.sharpen = 1;
    this.label = '';
    this.drawing = 'auto';
  }

  override render(): unknown {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    clearTimeout(this.#resting);
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
      this.#draw();
    });
    this.#resized.observe(this);
  }

  protected override updated(changed: PropertyValues): void {
    if (this.picture === undefined || !(changed.has('picture') || changed.has('sharpen'))) return;
    this.#field = fieldOf(this.picture, this.sharpen, 'lying');
    this.#canvas.classList.toggle('opaque', this.#field.opaque);
    this.#draw();
  }

  #draw(): void {
    const wanted = Math.round(this.clientWidth * devicePixelRatio);
    if (wanted === 0) return;
    if (this.#gl === undefined) {
      this.#paint(Math.min(wanted, MOVING_SIZE));
      clearTimeout(this.#resting);
      this.#resting = setTimeout(() => this.#paint(Math.min(wanted, RESTING_SIZE)), REST_MS);
      return;
    }
    if (this.#field === undefined || this.#gl.lost) return;
    this.#fit(Math.min(LARGEST_SIZE, wanted));
    this.#gl.draw(this.#field, this.sharpen);
  }

  #paint(size: number): void {
    const context = this.#canvas.getContext('2d');
    if (this.#field === undefined || context === null) return;
    const { rgba } = paint(this.#field, size, this.sharpen);
    this.#fit(size);
    context.putImageData(new ImageData(rgba, size, size), 0, 0);
  }

  #fit(size: number): void {
    const canvas = this.#canvas;
    if (canvas.width === size && canvas.height === size) return;
    canvas.width = size;
    canvas.height = size;
  }
}

customElements.define('ld-stage', Stage);
