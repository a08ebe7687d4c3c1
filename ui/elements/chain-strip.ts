import { css, html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ChainCard } from '../lib/say.ts';
import { base } from '../styles/tokens.ts';
import { icon } from './icon.ts';
import './photo.ts';
import type { GarmentChosen } from './rail.ts';
import { rowStyle } from './row-style.ts';

/**
 * What hangs in the chain's other shops: a shelf of small cards under the rail, or a column of them beside it where the screen lies;
 * with `row`, a shelf there too.
 * @fires choose A card was tapped, `detail.sku`.
 */
export class ChainStrip extends LitElement {
  static override properties = {
    cards: { attribute: false },
    label: {},
    note: {},
    row: { type: Boolean, reflect: true },
  };
  static override styles = [
    base,
    rowStyle,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: center;
        min-width: 0;
        height: calc(var(--target) + 1.25rem);
        background: linear-gradient(calc(90deg * var(--forth)), transparent, color-mix(in srgb, var(--linen) 55%, transparent) 8rem);
        border-block: 1px solid var(--line);
      }

      .label {
        max-width: 11rem;
        padding-inline: var(--margin) 1.25rem;
        box-sizing: content-box;
        font: italic 440 var(--text-large) / 1.05 var(--serif);
        font-variation-settings: var(--plain-italic);
        text-wrap: balance;
      }

      .note {
        padding-inline-end: var(--margin);
        color: var(--ink-soft);
        font: 460 var(--text) / 1.3 var(--sans);
        text-wrap: balance;
      }

      ul {
        gap: 0.75rem;
        padding: 0.5rem var(--margin) 0.5rem 0.25rem;
      }

      li {
        min-width: 15rem;
        max-width: 28rem;
      }

      button {
        display: grid;
        grid-template-columns: 4rem minmax(0, 1fr);
        align-items: center;
        gap: 0.875rem;
        width: 100%;
        height: var(--target);
        padding-inline: 0.75rem 1rem;
        border-radius: var(--radius);
        background: var(--paper-light);
        box-shadow: 0 2px 6px rgb(74 52 30 / 12%);
        text-align: start;
        touch-action: pan-x;
        transition: transform var(--settle) var(--ease);
      }

      button:active {
        transform: scale(0.98);
      }

      button:focus-visible {
        outline-offset: -3px;
      }

      ld-photo {
        --photo-beside: 0.75;
        --photo-below: 0.5;
        height: 4.25rem;
        min-height: 0;
      }

      .icon {
        width: 2rem;
        height: 2rem;
        margin-inline: auto;
        color: var(--brass);
      }

      .words {
        display: grid;
        gap: 0.125rem;
        min-width: 0;
      }

      .words > * {
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
      }

      /* Room for what Arabic letters have below them, which would be cut off with the end of a long name. */
      .shop {
        margin-block-end: -0.25em;
        padding-block-end: 0.25em;
        font: 500 var(--text) / 1.25 var(--serif);
      }

      .there {
        color: var(--accent);
        font: 500 var(--text-small) / 1.3 var(--sans);
        transition: color var(--settle) var(--ease);
      }

      /* There is more width than height: a column beside the rail leaves its garments their size. */
      @container kiosk (min-aspect-ratio: 1) {
        :host(:not([row])) {
          grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
          align-items: start;
          width: 23rem;
          height: auto;
          min-height: 0;
          background: linear-gradient(rgb(236 226 208 / 0%), rgb(236 226 208 / 55%) 6rem);
          border-block: 0;
          border-inline-start: 1px solid var(--line);
        }

        :host(:not([row])) .label {
          max-width: none;
          padding: 0.75rem var(--margin) 0.5rem 1.25rem;
        }

        :host(:not([row])) .note {
          padding: 0.25rem var(--margin) 0.5rem 1.25rem;
        }

        :host(:not([row])) ul {
          flex-direction: column;
          gap: 0.5rem;
          height: 100%;
          padding: 0.25rem var(--margin) 0.75rem 1.25rem;
          overflow: hidden auto;
          touch-action: pan-y;
          mask-image: linear-gradient(#000 calc(100% - 1.5rem), transparent);
        }

        :host(:not([row])) li {
          min-width: 0;
          max-width: none;
        }

        :host(:not([row])) button {
          height: auto;
          min-height: var(--target);
          padding-block: 0.375rem;
          touch-action: pan-y;
        }

        :host(:not([row])) .there {
          white-space: normal;
        }

        /* A long name takes two lines rather than lose its end, and the number behind it is not alone on the second. */
        :host(:not([row])) .shop {
          display: -webkit-box;
          -webkit-box-orient: vertical;
          -webkit-line-clamp: 2;
          text-wrap: balance;
          white-space: normal;
        }
      }
    `,
  ];

  declare cards: readonly ChainCard[];
  declare label: string;
  /** What is said where there are no cards. */
  declare note: string;
  declare row: boolean;

  constructor() {
    super();
    this.cards = [];
    this.label = '';
    this.note = '';
    this.row = false;
  }

  override render(): unknown {
    return html`<p class="label" id="label">${this.label}</p>
      ${this.cards.length === 0 ? html`<p class="note" role="status">${this.note}</p>` : this.#list()}`;
  }

  #list(): unknown {
    const cards = repeat(
      this.cards,
      ({ sku }) => sku,
      ({ sku, image, shop, there, spoken }) => html`<li>
        <button aria-label=${spoken} @click=${() => this.#choose(sku)}>
          ${image === null ? icon('hanger') : html`<ld-photo .src=${image}></ld-photo>`}
          <span class="words">
            <span class="shop">${shop}</span>
            <span class="there">${there}</span>
          </span>
        </button>
      </li>`,
    );
    return html`<ul aria-labelledby="label">${cards}</ul>`;
  }

  #choose(sku: string): void {
    this.dispatchEvent(new CustomEvent<GarmentChosen>('choose', { detail: { sku } }));
  }
}

customElements.define('ld-chain-strip', ChainStrip);
