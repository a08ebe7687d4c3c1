import { css, html, LitElement, nothing } from 'lit';
import { type IconName, icon } from '../elements/icon.ts';
import { Follow } from '../lib/follow.ts';
import type { Texts } from '../locales/texts.ts';
import type { Aids, Visit } from '../state/visit.ts';
import { base } from '../styles/tokens.ts';

/** Along the lower edge, where every hand reaches: the language, what helps to see and to reach, what is kept, and a call for somebody. */
export class BarView extends LitElement {
  static override properties = { visit: { attribute: false }, texts: { attribute: false } };
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }

      nav {
        display: flex;
        justify-content: space-between;
        gap: 0.25rem;
        padding: 0 calc(var(--margin) - 1rem) 0.75rem;
      }

      div {
        display: flex;
        gap: 0.25rem;
      }

      button {
        position: relative;
        display: grid;
        justify-items: center;
        align-content: center;
        gap: 0.25rem;
        min-width: max(var(--target), 7.5rem);
        height: max(var(--target), 4.75rem);
        padding-inline: 0.5rem;
        border-radius: var(--radius);
        color: var(--ink-soft);
        text-align: center;
      }

      button:active {
        background: var(--linen);
      }

      .icon {
        width: 1.75rem;
        height: 1.75rem;
      }

      span {
        font: 500 var(--text-small) / 1.2 var(--sans);
        white-space: nowrap;
      }

      [aria-pressed='true'] {
        background: var(--linen);
        color: var(--ink);
        box-shadow: inset 0 0 0 2px var(--ink-soft);
      }

      .call {
        color: var(--accent);
      }

      [data-count]::before {
        content: attr(data-count);
        position: absolute;
        inset-block-start: 0.25rem;
        inset-inline-start: calc(50% + 0.5rem);
        display: grid;
        place-items: center;
        min-width: 1.625rem;
        height: 1.625rem;
        padding-inline: 0.375rem;
        border-radius: 0.8125rem;
        background: var(--accent);
        color: var(--paper);
        font: 600 1rem/1 var(--sans);
      }
    `,
  ];

  declare visit: Visit;
  declare texts: Texts;

  constructor() {
    super();
    new Follow(this, () => this.visit);
  }

  override render(): unknown {
    const { visit, texts } = this;
    const kept = visit.kept.garments.length;
    return html`<nav aria-label=${texts.aids.label}>
      <div>
        ${this.#opens('languages', 'language', texts.name, texts.language)}
        ${this.#aid('larger', texts.aids.text)}
        ${this.#aid('contrast', texts.aids.contrast)}
        ${this.#aid('lower', texts.aids.lower)}
      </div>
      <div>
        ${this.#opens('kept', 'kept', texts.kept.entry, kept === 0 ? '' : texts.kept.count(kept), kept)}
        ${this.#opens('call', 'call', texts.call.entry, '')}
      </div>
    </nav>`;
  }

  /** @param more said beside the word, for those who hear it */
  #opens(sheet: NonNullable<Visit['sheet']>, sign: IconName & string, word: string, more: string, count = 0): unknown {
    const spoken = more === '' ? word : `${word}, ${more}`;
    return html`<button class=${sheet} aria-haspopup="dialog" aria-label=${spoken} @click=${() => this.visit.open(sheet)}>
      ${icon(sign)}<span data-count=${count === 0 ? nothing : count}>${word}</span>
    </button>`;
  }

  #aid(aid: keyof Aids, word: string): unknown {
    return html`<button class=${aid} aria-pressed=${this.visit.aids[aid]} @click=${() => this.visit.help(aid)}>
      ${icon(aid)}<span>${word}</span>
    </button>`;
  }
}

customElements.define('ld-bar', BarView);
