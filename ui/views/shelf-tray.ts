import { css, html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '../elements/icon.ts';
import '../elements/photo.ts';
import type { GarmentChosen } from '../elements/rail.ts';
import { priceOf, sizesLeft, titleOf } from '../lib/say.ts';
import type { Texts } from '../locales/texts.ts';
import type { KeptGarment } from '../state/kept.ts';
import type { OnShelf } from '../state/shelf.ts';
import { base } from '../styles/tokens.ts';
import { trayStyle } from '../styles/tray.ts';

/**
 * What the shopper keeps, in the dials' place; a garment that has been sold meanwhile says so.
 * @fires choose A garment was tapped, `detail.sku`. @fires drop It is kept no more, `detail.sku`. @fires done It is to be put away.
 */
export class ShelfTray extends LitElement {
  static override properties = {
    garments: { attribute: false },
    now: { attribute: false },
    stock: { type: Number },
    currency: {},
    texts: { attribute: false },
  };
  static override styles = [
    base,
    trayStyle,
    css`
      ul {
        display: flex;
        gap: 0.75rem;
        height: 100%;
        overflow: auto hidden;
        overscroll-behavior: contain;
        scrollbar-width: none;
        touch-action: pan-x;
      }

      li {
        display: grid;
        flex: none;
        grid-template-columns: minmax(0, 1fr) var(--target);
        width: 20rem;
        border-radius: var(--radius);
        background: var(--paper-light);
      }

      .garment {
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto auto;
        justify-items: center;
        width: 100%;
        height: 100%;
        padding: 0.75rem 0 0.75rem 0.75rem;
        text-align: center;
        touch-action: pan-x;
      }

      .garment:focus-visible {
        outline-offset: -3px;
      }

      ld-photo {
        width: 100%;
        height: 100%;
        min-height: 0;
      }

      .gone ld-photo {
        opacity: 0.35;
      }

      .title {
        max-width: 100%;
        overflow: hidden;
        font: 480 var(--text) / 1.3 var(--serif);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .there {
        color: var(--ink-soft);
        font: 500 var(--text-small) / 1.3 var(--sans);
        white-space: nowrap;
      }

      .gone .there {
        color: var(--accent);
      }

      .drop {
        display: grid;
        place-items: center;
        width: var(--target);
        height: var(--target);
        color: var(--ink-soft);
      }

      .drop .icon {
        width: 1.5rem;
        height: 1.5rem;
      }

      .empty {
        place-self: center;
        color: var(--ink-soft);
        font: italic 420 var(--text-large) / 1.3 var(--serif);
        font-variation-settings: var(--plain-italic);
        text-align: center;
      }
    `,
  ];

  declare garments: readonly KeptGarment[];
  /** What the store says of one now; undefined where it has not been asked. */
  declare now: (sku: string) => OnShelf | undefined;
  /** Grows whenever `now` may say something else. */
  declare stock: number;
  declare currency: string | null;
  declare texts: Texts;

  constructor() {
    super();
    this.garments = [];
    this.stock = 0;
  }

  override render(): unknown {
    const { design } = this.texts;
    const list = repeat(
      this.garments,
      ({ sku }) => sku,
      garment => this.#garment(garment),
    );
    return html`
      <header>
        <h2>${design.shelfTitle}</h2>
        <button class="done" @click=${() => this.dispatchEvent(new CustomEvent('done'))}>${design.done}</button>
      </header>
      ${
        this.garments.length === 0
          ? html`<p class="empty">${design.shelfEmpty}</p>`
          : html`<ul aria-label=${design.shelf(this.garments.length)}>${list}</ul>`
      }
    `;
  }

  #garment(garment: KeptGarment): unknown {
    const { texts } = this;
    const now = this.now(garment.sku);
    const title = titleOf(garment, texts);
    const sizes = now === undefined || now === 'gone' ? null : now.sizes;
    const isGone = now === 'gone' || (sizes?.every(({ quantity }) => quantity === 0) ?? false);
    const price = priceOf(now === undefined || now === 'gone' ? garment : now, this.currency, texts);
    const left = now === 'gone' ? texts.design.goneFromStore : sizesLeft(sizes, texts);
    const there = isGone ? left : [price, left].filter(part => part !== '').join(' · ');
    return html`<li class=${isGone ? 'gone' : ''} data-key=${garment.sku}>
      <button class="garment" aria-label=${`${title} ${there}`} @click=${() => this.#say('choose', garment.sku)}>
        <ld-photo .src=${garment.image}></ld-photo>
        <span class="title">${title}</span> <span class="there">${there}</span>
      </button>
      <button class="drop" aria-label=${texts.design.letGo(title)} @click=${() => this.#say('drop', garment.sku)}>
        ${icon('close')}
      </button>
    </li>`;
  }

  #say(type: 'choose' | 'drop', sku: string): void {
    this.dispatchEvent(new CustomEvent<GarmentChosen>(type, { detail: { sku } }));
  }
}

customElements.define('ld-shelf-tray', ShelfTray);
