import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { type ContentBox, contentBox, shrunk } from '../lib/content-box.ts';
import { sizedImage } from '../lib/picture-size.ts';
import { pixelsPerRem } from '../lib/rem.ts';

/** Pixels on a side in which the garment is looked for. */
const LOOK = 64;
const KEPT = 600;
/** Where the garment is in each picture seen lately; oldest first. */
const boxes = new Map<string, ContentBox>();

/** Where pictures are read. */
const desk = new OffscreenCanvas(1, 1);

function look(address: string, bitmap: ImageBitmap): ContentBox {
  const known = boxes.get(address);
  if (known !== undefined) return known;
  const { width, height } = bitmap;
  desk.width = width;
  desk.height = height;
  const context = desk.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  const box = contentBox(shrunk(context.getImageData(0, 0, width, height), LOOK), LOOK, LOOK);
  boxes.set(address, box);
  const [oldest] = boxes.keys();
  if (boxes.size > KEPT && oldest !== undefined) boxes.delete(oldest);
  return box;
}

async function pictureAt(address: string, signal: AbortSignal): Promise<ImageBitmap> {
  // As a browser asks for pictures: the garment under the finger goes first.
  const answer = await fetch(address, { signal, priority: 'low' });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return createImageBitmap(await answer.blob());
}

/**
 * A garment's picture without what is around it: cut to the garment, so that it hangs from its own shoulders, and its white
 * ground, if it has one, melting into the paper. It is drawn here and not by an `img`, of which a browser keeps a thousand that it
 * has decoded, long after they were last seen.
 */
export class Photo extends LitElement {
  static override properties = { src: {}, alt: {}, rem: { type: Number } };
  static override styles = css`
    :host {
      display: block;
    }

    canvas {
      display: block;
      width: 100%;
      height: 100%;
      object-fit: contain;
      /* It hangs from the top, unless who shows it says otherwise. */
      object-position: center var(--photo-place, top);
      opacity: 0;
      transition: opacity var(--settle) var(--ease);
    }

    canvas.ready {
      opacity: 1;
      filter: drop-shadow(0 0.5rem 0.5rem rgb(74 52 30 / 22%));
    }

    canvas.ready.opaque {
      filter: none;
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
  /** How large the garment is shown, without its ground: the longer side, about, rem. */
  declare rem: number;
  #fetching: AbortController | undefined;

  constructor() {
    super();
    this.src = '';
    this.alt = '';
    this.rem = 16;
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
    if (changed.has('src') || changed.has('rem')) void this.#fetch();
  }

  async #fetch(): Promise<void> {
    this.#fetching?.abort();
    const fetching = new AbortController();
    this.#fetching = fetching;
    const canvas = this.renderRoot.querySelector('canvas')!;
    canvas.classList.remove('ready', 'missing');
    if (this.src === '') return;
    const address = sizedImage(this.src, this.rem * pixelsPerRem());
    try {
      const bitmap = await pictureAt(address, fetching.signal);
      if (!fetching.signal.aborted) draw(canvas, bitmap, look(address, bitmap));
      bitmap.close();
    } catch {
      if (!fetching.signal.aborted) canvas.classList.add('missing');
    }
  }
}

/** The garment, in its own pixels. */
function draw(canvas: HTMLCanvasElement, bitmap: ImageBitmap, { top, right, bottom, left, opaque }: ContentBox): void {
  const [x, y] = [Math.floor(left * bitmap.width), Math.floor(top * bitmap.height)];
  canvas.width = Math.max(1, Math.ceil((1 - right) * bitmap.width) - x);
  canvas.height = Math.max(1, Math.ceil((1 - bottom) * bitmap.height) - y);
  canvas.getContext('2d', { willReadFrequently: true })!.drawImage(bitmap, -x, -y);
  canvas.classList.toggle('opaque', opaque);
  canvas.classList.add('ready');
}

customElements.define('ld-photo', Photo);
