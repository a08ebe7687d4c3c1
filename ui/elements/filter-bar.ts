import { css, html, LitElement } from 'lit';
import type { FilterWord } from '../lib/say-choices.ts';
import { base } from '../styles/tokens.ts';
import { icon } from './icon.ts';

export interface RoomOpened {
  readonly name: string;
}

/**
 * What is shown alone, as words in a row.
 * @fires open `detail.name`.
 */
export class FilterBar extends LitElement {
  static override properties = { rooms: { attribute: false }, opened: {}, label: {} };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      div {
        display: grid;
        grid-auto-columns: minmax(0, 1fr);
        grid-auto-flow: column;
        gap: 0.5rem;
        padding-inline: calc(var(--margin) - 0.75rem);
      }

      button {
        display: grid;
        align-content: center;
        gap: 0.1875rem;
        min-width: var(--target);
        height: var(--target);
        padding-inline: 0.75rem;
        overflow: hidden;
      }

      button:focus-visible {
        outline-offset: -0.25rem;
      }

      small {
        color: var(--ink-soft);
        font: 500 var(--text-small) / 1.1 var(--sans);
      }

      .icon {
        display: inline-block;
        width: 1rem;
        height: 1rem;
        vertical-align: -0.125rem;
        stroke-width: 2.4;
      }

      b {
        overflow: hidden;
        padding-block-end: 0.25rem;
        border-block-end: 3px solid transparent;
        font: 480 1.4375rem/1.2 var(--serif);
        text-overflow: ellipsis;
        white-space: nowrap;
        transition:
          color var(--settle) var(--ease),
          border-color var(--settle) var(--ease);
      }

      .chosen b {
        color: var(--accent);
      }

      [aria-expanded='true'] b {
        border-color: var(--accent);
      }
    `,
  ];

  declare rooms: readonly FilterWord[];
  declare opened: string | undefined;
  declare label: string;

  constructor() {
    super();
    this.rooms = [];
    this.label = '';
  }

  override render(): unknown {
    return html`<div role="group" aria-label=${this.label}>
      ${this.rooms.map(
        ({ name, about, words, chosen }) => html`<button
          data-room=${name}
          class=${chosen ? 'chosen' : ''}
          aria-expanded=${name === this.opened}
          @click=${() => this.#open(name)}
        >
          <small>${about} ${icon('turn')}</small> <b>${words}</b>
        </button>`,
      )}
    </div>`;
  }

  #open(name: string): void {
    this.dispatchEvent(new CustomEvent<RoomOpened>('open', { detail: { name } }));
  }
}

customElements.define('ld-filter-bar', FilterBar);
