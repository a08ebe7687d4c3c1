import { css, html, LitElement, type PropertyValues } from 'lit';
import type { Picture } from '../lib/dial-answer.ts';
import { fieldOf } from '../lib/garment-field.ts';
import { paint } from '../lib/garment-paint.ts';

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

  constructor() {
    super();
    this.sharpen = 1;
  }

  override render(): unknown {
    return html`<canvas width=${SIZE} height=${SIZE} aria-hidden="true"></canvas>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('picture') && !changed.has('sharpen')) return;
    const context = this.renderRoot.querySelector('canvas')?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, SIZE, SIZE);
    if (this.picture === undefined) return;
    const { rgba } = paint(fieldOf(this.picture, this.sharpen, 'flat'), SIZE, this.sharpen);
    context.putImageData(new ImageData(rgba, SIZE, SIZE), 0, 0);
  }
}

customElements.define('ld-swatch', Swatch);
