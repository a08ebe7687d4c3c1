import { css, html, LitElement } from 'lit';
import { base } from '../styles/tokens.ts';

export interface Kind {
  /** As the catalogue names it; undefined for every kind. */
  readonly name: string | undefined;
  readonly words: string;
}

export interface KindChosen {
  readonly kind: string | undefined;
}

/**
 * The kinds of garment this store has, as words in a row.
 * @fires choose `detail.kind`.
 */
export class Kinds extends LitElement {
  static override properties = { kinds: { attribute: false }, chosen: {}, label: {} };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      div {
        display: flex;
        gap: 0.25rem;
        padding-inline: calc(var(--margin) - 1rem);
        overflow: auto hidden;
        overscroll-behavior: contain;
        scrollbar-width: none;
        touch-action: pan-x;
        mask-image: linear-gradient(calc(90deg * var(--forth)), transparent, #000 2.5rem, #000 calc(100% - 5rem), transparent);
      }

      button {
        flex: none;
        min-width: var(--target);
        height: var(--target);
        padding-inline: 1rem;
        font: 500 1.375rem/1 var(--sans);
        color: var(--ink-soft);
        text-align: center;
        touch-action: pan-x;
      }

      button:focus-visible {
        outline-offset: -0.75rem;
      }

      span {
        display: inline-block;
        padding-block: 0.5rem;
        border-block-end: 3px solid transparent;
        transition:
          color var(--settle) var(--ease),
          border-color var(--settle) var(--ease);
      }

      [aria-pressed='true'] span {
        border-color: var(--accent);
        color: var(--accent);
      }
    `,
  ];

  declare kinds: readonly Kind[];
  declare chosen: string | undefined;
  declare label: string;

  constructor() {
    super();
    this.kinds = [];
    this.label = '';
  }

  override render(): unknown {
    return html`<div role="group" aria-label=${this.label}>
      ${this.kinds.map(
        ({ name, words }) => html`<button aria-pressed=${name === this.chosen} @click=${() => this.#choose(name)}>
          <span>${words}</span>
        </button>`,
      )}
    </div>`;
  }

  #choose(kind: string | undefined): void {
    this.dispatchEvent(new CustomEvent<KindChosen>('choose', { detail: { kind } }));
  }
}

customElements.define('ld-kinds', Kinds);
