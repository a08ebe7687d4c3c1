import { css, html, LitElement, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { slideFrom } from '../lib/flip.ts';
import type { TagWords } from '../lib/say.ts';
import { base } from '../styles/tokens.ts';
import './hanger.ts';
import { rowStyle } from './row-style.ts';

export interface Hanging {
  readonly sku: string;
  readonly image: string;
  readonly share: number;
  readonly words: TagWords;
}

export interface GarmentChosen {
  readonly sku: string;
}

/**
 * The clothes rail: garments on hangers, nearest first. Those that stay slide to their new places.
 * @fires choose A garment was tapped, `detail.sku`.
 */
export class Rail extends LitElement {
  static override properties = { garments: { attribute: false }, label: {}, empty: {} };
  static override styles = [
    base,
    rowStyle,
    css`
      :host {
        position: relative;
        display: block;
        min-height: 0;
        --hanger-width: 12.25rem;
        --gap: 0.25rem;
        --step: calc(var(--hanger-width) + var(--gap));
      }

      .rod {
        position: absolute;
        inset-block-start: 0.75rem;
        inset-inline: 0;
        height: 0.5rem;
        background: linear-gradient(#cdb78d, #a58a5c 45%, #7d6640);
        box-shadow: 0 5px 8px rgb(74 52 30 / 18%);
      }

      ul {
        position: relative;
        gap: var(--gap);
        height: 100%;
        padding: 0.5rem var(--margin) 0.25rem;
      }

      li {
        width: var(--hanger-width);
        height: 100%;
      }

      .empty {
        display: grid;
        place-items: center;
        height: 100%;
        padding-inline: var(--margin);
        color: var(--ink-soft);
        font: italic 420 var(--text-large) / 1.3 var(--serif);
        font-variation-settings: var(--plain-italic);
        text-align: center;
      }
    `,
  ];

  declare garments: readonly Hanging[];
  declare label: string;
  /** What is said where nothing hangs. */
  declare empty: string;
  /** How far the hangers are pushed, as `scrollLeft` says it: to ask for it would lay the page out. */
  #scrolled = 0;

  constructor() {
    super();
    this.garments = [];
    this.label = '';
    this.empty = '';
  }

  override render(): unknown {
    const hanging = repeat(
      this.garments,
      ({ sku }) => sku,
      ({ sku, image, share, words }) => html`<li data-key=${sku}>
        <ld-hanger .image=${image} .share=${share} .words=${words} @click=${() => this.#choose(sku)}></ld-hanger>
      </li>`,
    );
    return html`
      <div class="rod"></div>
      ${this.garments.length === 0 ? html`<p class="empty">${this.empty}</p>` : html`<ul aria-label=${this.label} @scroll=${this.#onScroll}>${hanging}</ul>`}
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('garments') as readonly Hanging[] | undefined;
    if (before === undefined) return;
    const same =
      before.length === this.garments.length && before.every(({ sku }, at) => sku === this.garments[at]!.sku);
    if (same) return;
    const scrolled = this.#scrolled;
    if (scrolled !== 0) this.renderRoot.querySelector('ul')?.scrollTo({ left: 0, behavior: 'instant' });
    this.#scrolled = 0;
    const hangers = [...this.renderRoot.querySelectorAll<HTMLElement>('li')];
    slideFrom(
      before.map(({ sku }) => sku),
      new Map(hangers.map(element => [element.dataset.key!, element])),
      scrolled,
    );
  }

  readonly #onScroll = ({ target }: Event): void => {
    this.#scrolled = (target as HTMLElement).scrollLeft;
  };

  #choose(sku: string): void {
    this.dispatchEvent(new CustomEvent<GarmentChosen>('choose', { detail: { sku } }));
  }
}

customElements.define('ld-rail', Rail);
