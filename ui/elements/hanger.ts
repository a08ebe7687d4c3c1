import { css, html, LitElement, svg } from 'lit';
import type { TagWords } from '../lib/say.ts';
import { base } from '../styles/tokens.ts';
import './photo.ts';

const HANGER = svg`
  <svg class="hanger" viewBox="0 0 120 56" aria-hidden="true" focusable="false">
    <path class="hook" d="M60 30v-7c0-3 1.6-4.6 4-6.200a8.5 8.5 0 1 0-12.8-8.3"></path>
    <path class="wood" d="M60 29 9 47.5a4.5 4.5 0 0 0 2 8.5h98a4.500 4.500 0 0 0 2-8.5z"></path>
  </svg>`;

/** A garment of the store on its hanger, with its tag. The whole of it is one button. */
export class Hanger extends LitElement {
  static override properties = { image: {}, words: { attribute: false }, share: { type: Number } };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        height: 100%;
      }

      button {
        position: relative;
        display: grid;
        grid-template-rows: auto 1fr auto;
        justify-items: center;
        width: 100%;
        height: 100%;
        border-radius: 0.75rem;
        transition: transform var(--settle) var(--ease);
        transform-origin: 50% 0.5rem;
      }

      button:active {
        transform: rotate(-1.2deg);
      }

      .hanger {
        width: 58%;
        overflow: visible;
      }

      .hook {
        fill: none;
        stroke: #6f675b;
        stroke-width: 2.6;
        stroke-linecap: round;
      }

      .wood {
        fill: none;
        stroke: #b08d5f;
        stroke-width: 4.5;
        stroke-linejoin: round;
      }

      /* Its shadow ends at the tag and before the next hanger: what lies over a canvas costs a layer. */
      ld-photo {
        --photo-beside: 0.75;
        --photo-below: 0.5;
        width: 88%;
        height: calc(100% + 1rem);
        min-height: 0;
        margin-top: -1rem;
      }

      .tag {
        position: relative;
        display: grid;
        align-content: space-evenly;
        justify-items: center;
        width: calc(100% - 0.75rem);
        height: var(--tag-height, 7.875rem);
        margin-top: 0.5rem;
        padding: 1rem 0.375rem 0.25rem;
        background: var(--tag, var(--paper-light));
        clip-path: polygon(14% 0, 86% 0, 100% 0.9rem, 100% 100%, 0 100%, 0 0.9rem);
        text-align: center;
      }

      .tag::before {
        content: '';
        position: absolute;
        inset-block-start: 0.4375rem;
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 50%;
        background: var(--linen);
        box-shadow: inset 0 0 0 1.5px var(--brass);
      }

      .price {
        font: 520 1.5rem/1.15 var(--serif);
      }

      /* In the place of a price that nobody has said. */
      .title {
        font: 480 var(--text) / 1.15 var(--serif);
      }

      .nearness {
        color: var(--accent);
        font: italic 440 var(--text-small) / 1.12 var(--serif);
        font-variation-settings: var(--plain-italic);
        text-wrap: balance;
        transition: color var(--settle) var(--ease);
      }

      .sizes {
        color: var(--ink-soft);
        font: 500 var(--text-small) / 1.2 var(--sans);
        letter-spacing: calc(0.02em * var(--latin, 1));
        white-space: nowrap;
      }

      /* A thread under the tag, as long as this garment is likely to be the one meant. */
      .thread {
        position: absolute;
        inset-block-end: 0;
        inset-inline-start: 0;
        width: calc(100% * var(--share, 0));
        height: 0.25rem;
        background: var(--accent);
        transition: width var(--settle) var(--ease);
      }
    `,
  ];

  declare image: string;
  declare words: TagWords;
  declare share: number;

  constructor() {
    super();
    this.image = '';
    this.words = { title: '', price: '', nearness: '', sizes: '', spoken: '' };
    this.share = 0;
  }

  override render(): unknown {
    const { words } = this;
    return html`<button aria-label=${words.spoken}>
      ${HANGER}
      <ld-photo .src=${this.image}></ld-photo>
      <span class="tag">
        ${words.price === '' ? html`<span class="title">${words.title}</span>` : html`<span class="price">${words.price}</span>`}
        <span class="nearness">${words.nearness}</span>
        <span class="sizes">${words.sizes}</span>
        <span class="thread"></span>
      </span>
    </button>`;
  }

  protected override updated(): void {
    this.style.setProperty('--share', this.share.toFixed(4));
  }
}

customElements.define('ld-hanger', Hanger);
