import { css, html, LitElement } from 'lit';
import { padKeys } from '../styles/pad.ts';
import { base } from '../styles/tokens.ts';
import { icon } from './icon.ts';

export interface LetterTyped {
  readonly text: string;
}

export interface LetterWords {
  /** The keys, one after the other. */
  readonly letters: string;
  readonly space: string;
  readonly erase: string;
}

/**
 * Keys for letters and digits, in the order of the alphabet: a screen without a keyboard, and nobody's own.
 * @fires letters What has been typed is another now, `detail.text`.
 */
export class LetterPad extends LitElement {
  static override properties = { words: { attribute: false }, text: {} };
  static override styles = [
    base,
    padKeys,
    css`
      :host {
        display: grid;
        /* Digits and Latin letters stand from left to right, whatever the lines around them do. */
        direction: ltr;
        grid-template-columns: repeat(auto-fill, minmax(var(--target), 1fr));
        gap: 0.5rem;
      }

      button {
        height: var(--target);
        border-radius: 0.75rem;
        font: 500 1.75rem/1 var(--sans);
      }

      button.wide {
        grid-column: span 2;
        font: 500 var(--text) / 1 var(--sans);
      }
    `,
  ];

  declare words: LetterWords;
  declare text: string;

  constructor() {
    super();
    this.text = '';
  }

  override render(): unknown {
    const { words } = this;
    return html`
      ${[...words.letters].map(letter => html`<button @click=${() => this.press(letter)}>${letter}</button>`)}
      <button class="wide" ?disabled=${this.text === ''} @click=${() => this.press(' ')}>${words.space}</button>
      <button class="wide" aria-label=${words.erase} ?disabled=${this.text === ''} @click=${() => this.press('Backspace')}>
        ${icon('erase')}
      </button>
    `;
  }

  /** A key of the pad, or of a keyboard or scanner, which the page passes on. */
  press(key: string): void {
    if (key === 'Backspace') this.#say(this.text.slice(0, -1));
    else if ([...key].length === 1) this.#say(this.text + key);
  }

  #say(text: string): void {
    this.text = text;
    this.dispatchEvent(new CustomEvent<LetterTyped>('letters', { detail: { text } }));
  }
}

customElements.define('ld-letter-pad', LetterPad);
