import { css, html, LitElement, type PropertyValues } from 'lit';
import type { Picture } from '../lib/dial-answer.ts';
import type { Made, Order } from '../lib/garment-order.ts';
import { workshop } from '../lib/garment-workshop.ts';
import { Latest } from '../lib/latest.ts';

/** Pixels of its canvas: twice what is seen, so that the outline stays smooth. */
const SIZE = 144;

/** A small generated garment. It is always beside a word or inside a button that has a name, so it has none itself. */
export class Swatch extends LitElement {
  static override properties = { picture: { attribute: false }, sharpen: { type: Number } };
  static override styles = css`
    :host {
      display: block;
    }

    canvas {
      display: block;
      width: 100%;
      height: 100%;
    }
  `;

  declare picture: Picture | undefined;
  declare sharpen: number;
  readonly #made = new Latest<Order, Made>(
    order => workshop.make(order),
    ({ painted }, { picture }) => {
      // Another one is to be seen by now, or none.
      if (painted === undefined || picture !== this.picture) return;
      this.#context?.putImageData(new ImageData(painted.rgba, SIZE, SIZE), 0, 0);
    },
    error => {
      throw error;
    },
  );

  constructor() {
    super();
    this.sharpen = 1;
  }

  override render(): unknown {
    return html`<canvas width=${SIZE} height=${SIZE} aria-hidden="true"></canvas>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('picture') && !changed.has('sharpen')) return;
    const { picture, sharpen } = this;
    if (picture === undefined) this.#context?.clearRect(0, 0, SIZE, SIZE);
    else this.#made.put({ picture, sharpen, how: 'flat', size: SIZE });
  }

  get #context(): CanvasRenderingContext2D | null | undefined {
    return this.renderRoot.querySelector('canvas')?.getContext('2d');
  }
}

customElements.define('ld-swatch', Swatch);
