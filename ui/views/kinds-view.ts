import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Facets } from '../../device/api/choice-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import { icon } from '../elements/icon.ts';
import '../elements/photo.ts';
import { inWords } from '../lib/words.ts';
import type { Texts } from '../locales/texts.ts';
import { base } from '../styles/tokens.ts';

/** Shown to choose from, at most at once without scrolling: as many as keep their pictures large. */
const COLUMNS = {
  upright: [2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3],
  lying: [1, 1, 2, 3, 4, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5],
};

/** The half column in which a kind begins: of the last row's first so that the row stands in the middle, of others the next. */
function beginOf(place: number, kinds: number, columns: number): number | 'auto' {
  const inLastRow = kinds % columns;
  return inLastRow > 0 && place === kinds - inLastRow ? columns - inLastRow + 1 : 'auto';
}

export interface KindChosen {
  readonly kind: string | undefined;
}

/**
 * The kinds of garment that this store has, in large pictures: a garment of each that hangs here.
 * @fires choose `detail.kind`; undefined for every kind.
 */
export class KindsView extends LitElement {
  static override properties = {
    model: { attribute: false },
    facets: { attribute: false },
    chosen: {},
    texts: { attribute: false },
  };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr) auto;
        gap: 1rem;
        height: 100%;
        padding: 0 var(--margin) 1.5rem;
      }

      h2 {
        font: 430 var(--display) / 1.1 var(--serif);
        letter-spacing: -0.015em;
      }

      ul {
        display: grid;
        grid-template-columns: repeat(calc(2 * var(--upright)), minmax(0, 1fr));
        grid-auto-rows: minmax(17rem, 1fr);
        gap: 0.75rem;
        min-height: 0;
        overflow: hidden auto;
        overscroll-behavior: contain;
        scrollbar-width: none;
        touch-action: pan-y;
      }

      li {
        grid-column: var(--upright-from, auto) / span 2;
        min-height: 0;
      }

      .kind {
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        justify-items: center;
        width: 100%;
        height: 100%;
        padding: 1rem 0.5rem;
        border-radius: var(--radius);
        text-align: center;
        touch-action: pan-y;
        transition:
          background-color var(--settle) var(--ease),
          transform var(--settle) var(--ease);
      }

      .kind:active {
        transform: scale(0.98);
        background: var(--paper-light);
      }

      .kind:focus-visible {
        outline-offset: -3px;
      }

      .kind[aria-current='true'] {
        background: var(--paper-light);
        box-shadow: inset 0 0 0 2px var(--accent);
      }

      ld-photo {
        --photo-place: 0.5;
        width: 100%;
        height: 100%;
        min-height: 0;
      }

      .kind > .icon {
        width: 5rem;
        height: 5rem;
        align-self: center;
        color: var(--brass);
      }

      .words {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        justify-content: center;
        gap: 0 0.75rem;
        padding-block-start: 0.5rem;
        font: 480 1.75rem/1.15 var(--serif);
      }

      small {
        color: var(--ink-soft);
        font: 500 var(--text-small) / 1.2 var(--sans);
      }

      .everything {
        justify-self: center;
        min-width: var(--target);
        height: var(--target);
        padding-inline: 2rem;
        font: 500 var(--text) / 1 var(--sans);
        text-decoration: underline 2px var(--accent);
        text-underline-offset: 0.5rem;
      }

      @container kiosk (min-aspect-ratio: 1) {
        ul {
          grid-template-columns: repeat(calc(2 * var(--lying)), minmax(0, 1fr));
          grid-auto-rows: minmax(13rem, 1fr);
        }

        li {
          grid-column: var(--lying-from, auto) / span 2;
        }
      }
    `,
  ];

  declare model: Model;
  /** Pictures and counts; undefined until the daemon has counted. */
  declare facets: Facets | undefined;
  declare chosen: string | undefined;
  declare texts: Texts;

  override render(): unknown {
    const { texts, model } = this;
    const kinds = this.facets?.categories ?? model.store.categories.map(kind => ({ ...kind, image: null }));
    const there = kinds.filter(({ garments, name }) => garments > 0 || name === this.chosen);
    const columns = Math.min(there.length, 15);
    const [upright, lying] = [COLUMNS.upright[columns]!, COLUMNS.lying[columns]!];
    const from = (place: number): string =>
      `--upright-from: ${beginOf(place, there.length, upright)}; --lying-from: ${beginOf(place, there.length, lying)}`;
    return html`
      <h2>${texts.design.pick}</h2>
      <ul style=${`--upright: ${upright}; --lying: ${lying}`}>
        ${repeat(
          there,
          ({ name }) => name,
          ({ name, garments, image }, place) => html`<li style=${from(place)}>
            <button class="kind" aria-current=${name === this.chosen} @click=${() => this.#choose(name)}>
              ${image === null ? icon('hanger') : html`<ld-photo .src=${image}></ld-photo>`}
              <span class="words">${inWords(name, texts.words)} <small>${texts.design.here(garments)}</small></span>
            </button>
          </li>`,
        )}
      </ul>
      ${
        // A model that is told the kind draws none without one.
        model.conditions === null
          ? html`<button class="everything" @click=${() => this.#choose(undefined)}>${texts.everything}</button>`
          : nothing
      }
    `;
  }

  #choose(kind: string | undefined): void {
    this.dispatchEvent(new CustomEvent<KindChosen>('choose', { detail: { kind } }));
  }
}

customElements.define('ld-kinds-view', KindsView);
