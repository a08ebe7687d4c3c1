import { css, html, LitElement } from 'lit';
import { clothPatch } from '../lib/cloth-patch.ts';
import { sizedImage } from '../lib/picture-size.ts';
import { pixelsPerRem } from '../lib/rem.ts';

/** Pixels on a side in which the garment is looked for. */
const LOOK = 64;
/** How large the whole garment is that a piece is cut from, rem. */
const GARMENT_REM = 7.5;

/** A round piece of cloth, cut out of the middle of a garment's picture. It is always beside a word, so it has none itself. */
export class Cloth extends LitElement {
  static override properties = { src: {} };
  static override styles = css`
    :host {
      display: block;
      overflow: hidden;
      border-radius: 50%;
      background: var(--linen);
      box-shadow: 0 0 0 1.5px rgb(74 52 30 / 22%);
    }

    img {
      display: block;
      width: 100%;
      height: 100%;
      object-fit: cover;
      opacity: 0;
    }

    img.ready {
      opacity: 1;
    }
  `;

  declare src: string;

  constructor() {
    super();
    this.src = '';
  }

  override render(): unknown {
    const src = this.src === '' ? '' : sizedImage(this.src, GARMENT_REM * pixelsPerRem());
    return html`<img src=${src} alt="" draggable="false" decoding="async" @load=${this.#onLoad} />`;
  }

  readonly #onLoad = (event: Event): void => {
    const image = event.target as HTMLImageElement;
    const canvas = new OffscreenCanvas(LOOK, LOOK);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(image, 0, 0, LOOK, LOOK);
    const { left, top, width, height } = clothPatch(context.getImageData(0, 0, LOOK, LOOK).data, LOOK, LOOK);
    const inset = [top, 1 - left - width, 1 - top - height, left];
    image.style.setProperty('object-view-box', `inset(${inset.map(part => `${(part * 100).toFixed(2)}%`).join(' ')})`);
    image.classList.add('ready');
  };
}

customElements.define('ld-cloth', Cloth);
