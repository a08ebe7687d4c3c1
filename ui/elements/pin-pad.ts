import { css, html, LitElement } from 'lit';
import { padKeys } from '../styles/pad.ts';
import { base } from '../styles/tokens.ts';
import { icon } from './icon.ts';

const LONGEST = 12;
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

export interface PinTyped {
  readonly pin: string;
}

export interface PinWords {
  readonly erase: string;
  readonly done: string;
  /** How many digits there are, for those who hear it. */
  readonly digits: (number: number) => string;
}

/**
 * Keys for digits; what is typed is shown as dots, and forgotten once it is sent.
 * @fires pin All digits are there, `detail.pin`.
 */
export class PinPad extends LitElement {
  static override properties = {
    words: { attribute: false },
    disabled: { type: Boolean },
    least: { type: Number },
    typed: { state: true },
  };
  static override styles = [
    base,
    padKeys,
    css`
      :host {
        display: grid;
        /* Digits and Latin letters stand from left to right, whatever the lines around them do. */
        direction: ltr;
        justify-items: center;
        gap: 2rem;
      }

      .dots {
        display: flex;
        align-items: center;
        gap: 0.875rem;
        height: 2rem;
      }

      .dots i {
        width: 1.125rem;
        height: 1.125rem;
        border-radius: 50%;
        background: var(--ink);
      }

      .dots i.empty {
        background: none;
        box-shadow: inset 0 0 0 2px var(--line);
      }

      .keys {
        display: grid;
        grid-template-columns: repeat(3, max(7rem, var(--target)));
        gap: 1rem;
      }

      button {
        height: max(7rem, var(--target));
        border-radius: 50%;
        font: 430 2.5rem/1 var(--serif);
        font-variant-numeric: lining-nums;
      }

      button.plain {
        background: none;
        box-shadow: none;
        color: var(--ink-soft);
      }

      button.done {
        box-shadow: none;
      }

      button.done:enabled {
        background: var(--accent);
        color: var(--paper);
      }
    `,
  ];

  declare words: PinWords;
  declare disabled: boolean;
  /** Digits that there must be. */
  declare least: number;
  declare typed: string;

  constructor() {
    super();
    this.disabled = false;
    this.least = 6;
    this.typed = '';
  }

  override render(): unknown {
    const { words, typed, least } = this;
    const short = typed.length < least;
    return html`
      <div class="dots" role="status" aria-label=${words.digits(typed.length)}>
        ${Array.from({ length: Math.max(least, typed.length) }, (_, at) => html`<i class=${at < typed.length ? '' : 'empty'}></i>`)}
      </div>
      <div class="keys">
        ${DIGITS.map(digit => this.#key(digit))}
        <button class="plain" aria-label=${words.erase} ?disabled=${typed === ''} @click=${this.#erase}>${icon('erase')}</button>
        ${this.#key('0')}
        <button class="done" aria-label=${words.done} ?disabled=${short || this.disabled} @click=${this.#done}>${icon('done')}</button>
      </div>
    `;
  }

  /** For a keyboard, where there is one; the page passes its keys on. */
  press(key: string): void {
    if (/^\d$/.test(key)) this.#add(key);
    if (key === 'Backspace') this.#erase();
    if (key === 'Enter') this.#done();
  }

  #key(digit: string): unknown {
    return html`<button ?disabled=${this.disabled} @click=${() => this.#add(digit)}>${digit}</button>`;
  }

  #add(digit: string): void {
    if (!this.disabled && this.typed.length < LONGEST) this.typed += digit;
  }

  readonly #erase = (): void => {
    this.typed = this.typed.slice(0, -1);
  };

  readonly #done = (): void => {
    if (this.typed.length < this.least || this.disabled) return;
    const pin = this.typed;
    this.typed = '';
    this.dispatchEvent(new CustomEvent<PinTyped>('pin', { detail: { pin } }));
  };
}

customElements.define('ld-pin-pad', PinPad);
