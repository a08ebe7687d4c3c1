import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { base } from '../styles/tokens.ts';
import './cloth.ts';

/** One thing to choose. */
export interface Choice {
  readonly name: string;
  readonly words: string;
  /** How many garments it leaves. */
  readonly garments: number;
  /** The same in words, for those who hear it. */
  readonly spoken: string;
  readonly chosen: boolean;
  /** Where the picture of a garment is whose cloth shows what is meant; undefined where words say it. */
  readonly image?: string | undefined;
}

export interface ChoiceChosen {
  readonly name: string;
}

/**
 * What there is to choose, as words or pieces of cloth, each with how many garments it leaves.
 * @fires choose `detail.name`.
 */
export class Choices extends LitElement {
  static override properties = { choices: { attribute: false }, label: {} };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-width: 0;
        min-height: 0;
      }

      ul {
        display: flex;
        flex-wrap: wrap;
        align-content: flex-start;
        gap: 0.625rem;
        height: 100%;
        overflow: hidden auto;
        overscroll-behavior: contain;
        scrollbar-width: none;
        touch-action: pan-y;
        mask-image: linear-gradient(#000 calc(100% - 1.5rem), transparent);
        padding: 0.25rem 0.25rem 1.5rem;
      }

      button {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 0.75rem;
        min-width: var(--target);
        height: var(--target);
        padding-inline: 1.25rem;
        border-radius: var(--radius);
        box-shadow: inset 0 0 0 1.5px var(--line);
        background: var(--paper-light);
        font: 480 1.5rem/1 var(--serif);
        touch-action: pan-y;
        transition:
          background-color var(--settle) var(--ease),
          color var(--settle) var(--ease);
      }

      button:focus-visible {
        outline-offset: -3px;
      }

      ld-cloth {
        width: 3.5rem;
        height: 3.5rem;
        margin-inline-start: -0.5rem;
      }

      small {
        color: var(--ink-soft);
        font: 500 var(--text-small) / 1 var(--sans);
        transition: color var(--settle) var(--ease);
      }

      [aria-pressed='true'] {
        background: var(--accent);
        box-shadow: none;
        color: var(--paper);
      }

      [aria-pressed='true'] small {
        color: var(--paper);
      }

      /* Nothing of it is here: it can still be chosen, and says so. */
      .none:not([aria-pressed='true']) {
        background: none;
        color: var(--ink-soft);
      }

      .none ld-cloth {
        opacity: 0.5;
      }
    `,
  ];

  declare choices: readonly Choice[];
  declare label: string;

  constructor() {
    super();
    this.choices = [];
    this.label = '';
  }

  override render(): unknown {
    return html`<ul role="group" aria-label=${this.label}>
      ${repeat(
        this.choices,
        ({ name }) => name,
        ({ name, words, garments, spoken, chosen, image }) => html`<button
          class=${garments === 0 ? 'none' : ''}
          aria-pressed=${chosen}
          aria-label=${spoken}
          @click=${() => this.#choose(name)}
        >
          ${image === undefined ? nothing : html`<ld-cloth .src=${image}></ld-cloth>`}
          <span>${words}</span> <small>${garments}</small>
        </button>`,
      )}
    </ul>`;
  }

  #choose(name: string): void {
    this.dispatchEvent(new CustomEvent<ChoiceChosen>('choose', { detail: { name } }));
  }
}

customElements.define('ld-choices', Choices);
