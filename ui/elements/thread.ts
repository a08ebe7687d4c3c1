import { css, html, LitElement } from 'lit';
import type { Picture } from '../lib/dial-answer.ts';
import { base } from '../styles/tokens.ts';
import './swatch.ts';

export interface Knot {
  /** Which step of the history. */
  readonly step: number;
  readonly picture: Picture | undefined;
  readonly label: string;
}

export interface StepChosen {
  readonly step: number;
}

/**
 * The looks so far, as small garments on a thread.
 * @fires choose `detail.step`.
 */
export class Thread extends LitElement {
  static override properties = {
    knots: { attribute: false },
    at: { type: Number },
    sharpen: { type: Number },
    label: {},
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        width: var(--target);
      }

      ol {
        position: relative;
        display: grid;
        margin: 0;
        padding: 0;
        list-style: none;
      }

      ol::before {
        content: '';
        position: absolute;
        inset-block: 0;
        inset-inline-start: calc(50% - 1px);
        border-inline-start: 2px dashed var(--line);
      }

      @container kiosk (min-aspect-ratio: 1) {
        :host {
          width: auto;
        }

        ol {
          grid-auto-flow: column;
          justify-content: start;
        }

        ol::before {
          inset: calc(50% - 1px) 0 auto;
          border-inline-start: 0;
          border-block-start: 2px dashed var(--line);
        }
      }

      button {
        position: relative;
        display: block;
        width: var(--target);
        height: var(--target);
        border-radius: 50%;
      }

      button::before {
        content: '';
        position: absolute;
        inset: 0.375rem;
        border-radius: 50%;
        background: var(--paper);
        box-shadow: 0 0 0 1.5px var(--line);
        transition: box-shadow var(--settle) var(--ease);
      }

      button[aria-current='true']::before {
        box-shadow: 0 0 0 3px var(--accent);
      }

      ld-swatch {
        position: absolute;
        inset: 0.625rem;
      }
    `,
  ];

  declare knots: readonly Knot[];
  declare at: number;
  declare sharpen: number;
  declare label: string;

  constructor() {
    super();
    this.knots = [];
    this.at = 0;
    this.sharpen = 1;
    this.label = '';
  }

  override render(): unknown {
    return html`<ol aria-label=${this.label}>
      ${this.knots.map(
        ({ step, picture, label }) => html`<li>
          <button aria-label=${label} aria-current=${step === this.at} @click=${() => this.#choose(step)}>
            <ld-swatch .picture=${picture} .sharpen=${this.sharpen}></ld-swatch>
          </button>
        </li>`,
      )}
    </ol>`;
  }

  #choose(step: number): void {
    this.dispatchEvent(new CustomEvent<StepChosen>('choose', { detail: { step } }));
  }
}

customElements.define('ld-thread', Thread);
