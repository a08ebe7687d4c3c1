import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { type ContentBox, contentBox, shrunk } from '../lib/content-box.ts';
import { sizedImage } from '../lib/picture-size.ts';
import { pixelsPerRem } from '../lib/rem.ts';

/** Pixels on a side in which the garment is looked for. */
const LOOK = 64;

/** Where pictures are read. An element: a phone that opens the list may have no other canvas. */
const desk = document.createElement('canvas');

function look(bitmap: ImageBitmap): ContentBox {
  const { width, height } = bitmap;
  desk.width = width;
  desk.height = height;
  const context = desk.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  return contentBox(shrunk(context.getImageData(0, 0, width, height), LOOK), LOOK, LOOK);
}

async function pictureAt(address: string, signal: AbortSignal): Promise<ImageBitmap> {
  // As a browser asks for pictures: the garment under the finger goes first.
  const answer = await fetch(address, { signal, priority: 'low' });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return createImageBitmap(await answer.blob());
}

/** The garment's shadow on the paper, rem. */
const SHADOW = { colour: 'rgb(74 52 30 / 22%)', down: 0.5, blur: 1 } as const;

/** Said in rem by who shows it: how far the shadow may reach beyond the sides, and below; and where in its height it hangs, 0 to 1. */
const PLACING = { beside: '--photo-beside', below: '--photo-below', place: '--photo-place' } as const;

/** CSS pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A garment's picture without what is around it: cut to the garment, so that it hangs from its own shoulders, and its white
 * ground, if it has one, melting into the paper.
 *
 * It is drawn here and not by an `img`, of which a browser keeps a thousand that it has decoded, long after they were last seen; and
 * with its shadow, since a filter would be worked out anew in each frame that the garment under the finger takes.
 */
export class Photo extends LitElement {
  static override properties = { src: {}, alt: {} };
  static override styles = css`
    :host {
      --photo-beside: 1.5;
      --photo-below: 2;
      --photo-place: 0;
      position: relative;
      display: block;
    }

    canvas {
      --beside: calc(1rem * var(--photo-beside));
      --below: calc(1rem * var(--photo-below));
      position: absolute;
      inset-block-start: 0;
      inset-inline-start: calc(-1 * var(--beside));
      width: calc(100% + 2 * var(--beside));
      height: calc(100% + var(--below));
      opacity: 0;
      transition: opacity var(--settle) var(--ease);
      pointer-events: none;
    }

    canvas.ready {
      opacity: 1;
    }

    canvas.ready.opaque {
      mix-blend-mode: var(--blend, multiply);
    }

    /* A garment whose picture is not there leaves its hanger empty. */
    canvas.missing {
      visibility: hidden;
    }
  `;

  /** The garment's picture, whole; empty for none. */
  declare src: string;
  declare alt: string;
  #size: Size = { width: 0, height: 0 };
  #fetching: AbortController | undefined;
  readonly #resized = new ResizeObserver(entries => {
    const { width, height } = entries.at(-1)!.contentRect;
    // One that is moved elsewhere on the page is seen again as it was.
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    void this.#fetch();
  });

  constructor() {
    super();
    this.src = '';
    this.alt = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  override render(): unknown {
    const named = this.alt !== '';
    return html`<canvas
      role=${named ? 'img' : nothing}
      aria-label=${named ? this.alt : nothing}
      aria-hidden=${named ? nothing : 'true'}
    ></canvas>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('src')) return;
    this.#canvas.classList.remove('ready', 'missing');
    void this.#fetch();
  }

  get #canvas(): HTMLCanvasElement {
    return this.renderRoot.querySelector('canvas')!;
  }

  async #fetch(): Promise<void> {
    this.#fetching?.abort();
    const { width, height } = this.#size;
    if (this.src === '' || width === 0 || height === 0) return;
    const fetching = new AbortController();
    this.#fetching = fetching;
    const address = sizedImage(this.src, Math.min(width, height) * devicePixelRatio);
    try {
      const bitmap = await pictureAt(address, fetching.signal);
      if (!fetching.signal.aborted) this.#draw(bitmap, look(bitmap));
      bitmap.close();
    } catch {
      if (!fetching.signal.aborted) this.#canvas.classList.add('missing');
    }
  }

  #draw(bitmap: ImageBitmap, box: ContentBox): void {
    const canvas = this.#canvas;
    const style = getComputedStyle(this);
    const [beside, below, place] = Object.values(PLACING).map(name => Number.parseFloat(style.getPropertyValue(name)));
    drawGarment(canvas, bitmap, box, { ...this.#size, beside: beside!, below: below!, place: place! });
    canvas.classList.toggle('opaque', box.opaque);
    canvas.classList.remove('missing');
    canvas.classList.add('ready');
  }
}

interface Placing extends Size {
  readonly beside: number;
  readonly below: number;
  readonly place: number;
}

/** Draws the garment as large as it fits, in the screen's own pixels, over its shadow if it has no ground. */
function drawGarment(
  canvas: HTMLCanvasElement,
  bitmap: ImageBitmap,
  { top, right, bottom, left, opaque }: ContentBox,
  { width, height, beside, below, place }: Placing,
): void {
  const rem = pixelsPerRem();
  const [across, down] = [width * devicePixelRatio, height * devicePixelRatio];
  canvas.width = Math.round(across + 2 * beside * rem);
  canvas.height = Math.round(down + below * rem);
  const [x, y] = [left * bitmap.width, top * bitmap.height];
  const [w, h] = [(1 - right) * bitmap.width - x, (1 - bottom) * bitmap.height - y];
  const scale = Math.min(across / w, down / h);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  if (!opaque) {
    context.shadowColor = SHADOW.colour;
    context.shadowOffsetY = SHADOW.down * rem;
    context.shadowBlur = SHADOW.blur * rem;
  }
  const [fromX, fromY] = [beside * rem + (across - w * scale) / 2, (down - h * scale) * place];
  context.drawImage(bitmap, x, y, w, h, fromX, fromY, w * scale, h * scale);
}

customElements.define('ld-photo', Photo);
