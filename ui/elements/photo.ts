import { css, html, LitElement, type PropertyValues } from 'lit';
import { type ContentBox, contentBox } from '../lib/content-box.ts';
import { sizedImage } from '../lib/picture-size.ts';
import { pixelsPerRem } from '../lib/rem.ts';

/** Pixels on a side in which the garment is looked for. */
const LOOK = 64;
const KEPT = 600;
/** Where the garment is in each picture seen lately; oldest first. */
const boxes = new Map<string, ContentBox>();

function look(image: HTMLImageElement): ContentBox {
  const known = boxes.get(image.src);
  if (known !== undefined) return known;
  const canvas = new OffscreenCanvas(LOOK, LOOK);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0, LOOK, LOOK);
  const box = contentBox(context.getImageData(0, 0, LOOK, LOOK).data, LOOK, LOOK);
  boxes.set(image.src, box);
  const [oldest] = boxes.keys();
  if (boxes.size > KEPT && oldest !== undefined) boxes.delete(oldest);
  return box;
}

/**
 * A garment's picture without what is around it: cut to the garment, so that it hangs from its own shoulders, and its white
 * ground, if it has one, melting into the paper.
 */
export class Photo extends LitElement {
  static override properties = { src: {}, alt: {}, rem: { type: Number } };
  static override styles = css`
    :host {
      display: block;
    }

    img {
      display: block;
      width: 100%;
      height: 100%;
      object-fit: contain;
      /* It hangs from the top, unless who shows it says otherwise. */
      object-position: center var(--photo-place, top);
      opacity: 0;
      transition: opacity var(--settle) var(--ease);
      -webkit-user-drag: none;
    }

    img.ready {
      opacity: 1;
      filter: drop-shadow(0 0.5rem 0.5rem rgb(74 52 30 / 22%));
    }

    img.ready.opaque {
      filter: none;
      mix-blend-mode: var(--blend, multiply);
    }

    /* A garment whose picture is not there leaves its hanger empty. */
    img.missing {
      visibility: hidden;
    }
  `;

  /** The garment's picture, whole; empty for none. */
  declare src: string;
  declare alt: string;
  /** How large the garment is shown, without its ground: the longer side, about, rem. */
  declare rem: number;

  constructor() {
    super();
    this.src = '';
    this.alt = '';
    this.rem = 16;
  }

  override render(): unknown {
    const src = this.src === '' ? '' : sizedImage(this.src, this.rem * pixelsPerRem());
    return html`<img src=${src} alt=${this.alt} draggable="false" decoding="async" @load=${this.#onLoad} @error=${this.#onError} />`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('src')) this.renderRoot.querySelector?.('img')?.classList.remove('ready', 'missing');
  }

  readonly #onError = (event: Event): void => {
    (event.target as HTMLImageElement).classList.add('missing');
  };

  readonly #onLoad = (event: Event): void => {
    const image = event.target as HTMLImageElement;
    const box = look(image);
    const sides = [box.top, box.right, box.bottom, box.left].map(side => `${(side * 100).toFixed(2)}%`);
    image.style.setProperty('object-view-box', `inset(${sides.join(' ')})`);
    image.classList.toggle('opaque', box.opaque);
    image.classList.add('ready');
  };
}

customElements.define('ld-photo', Photo);
