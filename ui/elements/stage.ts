import { css, html, LitElement, type PropertyValues } from 'lit';
import type { Picture } from '../lib/dial-answer.ts';
import { fieldOf } from '../lib/garment-field.ts';
import { GarmentGl } from '../lib/garment-gl.ts';
import { paint } from '../lib/garment-paint.ts';

/** Pixels of the canvas where there is no WebGL: as many as plain code draws between two frames. */
const PLAIN_SIZE = 400;
const LARGEST_SIZE = 1400;

/**
 * The garment, large, lying on the paper with its own shadow. Its canvas is an eighth wider on each side than the picture,
 * so that no shadow is cut; give it room to hang over.
 */
export class Stage extends LitElement {
  static override properties = { picture: { attribute: false }, sharpen: { type: Number }, label: {} };
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
      mix-blend-mode: multiply;
    }
  `;

  declare picture: Picture | undefined;
  declare sharpen: number;
  declare label: string;
  #gl: GarmentGl | undefined;
  #size = PLAIN_SIZE;
  readonly #resized = new ResizeObserver(() => this.#fit());

  constructor() {
    super();
    this.sharpen = 1;
    this.label = '';
  }

  override render(): unknown {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  get #canvas(): HTMLCanvasElement {
    return this.renderRoot.querySelector('canvas')!;
  }

  protected override firstUpdated(): void {
    const canvas = this.#canvas;
    this.#gl = GarmentGl.on(canvas);
    canvas.dataset.drawnBy = this.#gl === undefined ? 'canvas' : 'webgl';
    canvas.addEventListener('webglcontextlost', event => event.preventDefault());
    canvas.addEventListener('webglcontextrestored', () => {
      this.#gl?.restore();
      this.#draw();
    });
    this.#resized.observe(this);
    this.#fit();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('picture') || changed.has('sharpen')) this.#draw();
  }

  #fit(): void {
    const wanted = Math.round(this.clientWidth * devicePixelRatio);
    const size = this.#gl === undefined ? PLAIN_SIZE : Math.min(LARGEST_SIZE, wanted);
    if (size === 0 || (size === this.#size && this.#canvas.width === size)) return;
    this.#size = size;
    this.#canvas.width = size;
    this.#canvas.height = size;
    this.#draw();
  }

  #draw(): void {
    if (this.picture === undefined || this.#gl?.lost) return;
    const canvas = this.#canvas;
    const field = fieldOf(this.picture, this.sharpen, 'lying');
    canvas.classList.toggle('opaque', field.opaque);
    if (this.#gl !== undefined) {
      this.#gl.draw(field, this.sharpen);
      return;
    }
    const { rgba, size } = paint(field, this.#size, this.sharpen);
    canvas.getContext('2d')?.putImageData(new ImageData(rgba, size, size), 0, 0);
  }
}

customElements.define('ld-stage', Stage);
