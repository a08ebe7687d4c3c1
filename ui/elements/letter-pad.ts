import { css, html, LitElement, nothing } from 'lit';
import { otherForm } from '../lib/letters.ts';
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
  /** On the key to the other form of each letter; left out where there is none. */
  readonly other?: string;
}

/**
 * Keys for letters and digits, in the order of the alphabet: a screen without a keyboard, and nobody's own.
 * @fires letters What has been typed is another now, `detail.text`.
 */
export class LetterPad extends LitElement {
  static override properties = {
    words: { attribute: false },
    text: {},
    begins: { type: Boolean },
    backwards: { type: Boolean, reflect: true },
    other: { state: true },
  };
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

      :host([backwards]) {
        direction: rtl;
      }

      button[aria-pressed='true'] {
        background: var(--linen);
        box-shadow: inset 0 0 0 2px var(--accent);
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
  /** Whether an empty text begins with a capital. */
  declare begins: boolean;
  /** The letters stand from right to left, as their script does. */
  declare backwards: boolean;
  /** Whether the keys show the other form of their letters; undefined where that follows from the text. */
  declare other: boolean | undefined;

  constructor() {
    super();
    this.text = '';
    this.begins = false;
    this.backwards = false;
  }

  get #isOther(): boolean {
    return this.words.other !== undefined && (this.other ?? (this.begins && this.text === ''));
  }

  override render(): unknown {
    const { words } = this;
    const letters = [...words.letters].map(letter => (this.#isOther ? otherForm(letter) : letter));
    return html`
      ${letters.map(letter => html`<button @click=${() => this.press(letter)}>${letter}</button>`)}
      ${words.other === undefined ? nothing : html`<button class="wide other" aria-pressed=${this.#isOther} @click=${this.#turnOver}>${words.other}</button>`}
      <button class="wide" ?disabled=${this.text === ''} @click=${() => this.press(' ')}>${words.space}</button>
      <button class="wide" aria-label=${words.erase} ?disabled=${this.text === ''} @click=${() => this.press('Backspace')}>
        ${icon('erase')}
      </button>
    `;
  }

  /** A key of the pad, or of a keyboard or scanner, which the page passes on. */
  press(key: string): void {
    if (key === 'Backspace') this.#say([...this.text].slice(0, -1).join(''));
    else if ([...key].length === 1) this.#say(this.text + key);
  }

  readonly #turnOver = (): void => {
    this.other = !this.#isOther;
  };

  #say(text: string): void {
    this.text = text;
    // One capital, and on in small letters; whoever writes in katakana goes on in them.
    if (this.begins) this.other = undefined;
    this.dispatchEvent(new CustomEvent<LetterTyped>('letters', { detail: { text } }));
  }
}

customElements.define('ld-letter-pad', LetterPad);
