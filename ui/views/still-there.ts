import { css, html, LitElement, nothing } from 'lit';
import type { Texts } from '../locales/texts.ts';
import { base } from '../styles/tokens.ts';

/**
 * Asks whether somebody is there, before everything is forgotten. Any touch says so.
 * @fires stay Somebody is.
 */
export class StillThere extends LitElement {
  static override properties = { seconds: { type: Number }, texts: { attribute: false } };
  static override styles = [
    base,
    css`
      dialog {
        position: fixed;
        inset: var(--head, 0px) 0 var(--foot, 0px);
        width: 100%;
        max-width: none;
        height: auto;
        max-height: none;
        margin: 0;
        padding: 0;
        border: 0;
        background: none;
        color: var(--ink);
      }

      dialog::backdrop {
        background: rgb(60 46 30 / 44%);
      }

      .card {
        position: absolute;
        inset-block-end: 12%;
        inset-inline: var(--margin);
        display: grid;
        justify-items: center;
        gap: 1.5rem;
        max-width: 46rem;
        margin-inline: auto;
        padding: 3.5rem 3rem 3rem;
        border-radius: 2.25rem;
        background: var(--paper-light);
        box-shadow: 0 1rem 4rem var(--shade);
        text-align: center;
      }

      h2 {
        font: 430 var(--display) / 1.1 var(--serif);
      }

      p {
        font: 450 var(--text-large) / 1.35 var(--sans);
        text-wrap: balance;
      }

      button {
        min-width: 20rem;
        min-height: calc(var(--target) * 1.2);
        padding-inline: 2.5rem;
        border-radius: var(--target);
        background: var(--accent);
        color: var(--paper);
        font: 550 var(--text-large) / 1.15 var(--sans);
        text-align: center;
      }
    `,
  ];

  /** Undefined while nobody is asked. */
  declare seconds: number | undefined;
  declare texts: Texts;

  override render(): unknown {
    const { seconds, texts } = this;
    return html`<dialog aria-labelledby="title" aria-describedby="left" @cancel=${this.#stay} @click=${this.#stay}>${
      seconds === undefined
        ? nothing
        : html`<div class="card">
            <h2 id="title">${texts.idle.still}</h2>
            <p id="left" role="timer">${texts.idle.wiped(seconds)}</p>
            <button autofocus @click=${this.#stay}>${texts.idle.goOn}</button>
          </div>`
    }</dialog>`;
  }

  protected override updated(): void {
    const dialog = this.renderRoot.querySelector('dialog')!;
    if (this.seconds !== undefined && !dialog.open) dialog.showModal();
    if (this.seconds === undefined && dialog.open) dialog.close();
  }

  readonly #stay = (event: Event): void => {
    event.stopPropagation();
    this.dispatchEvent(new CustomEvent('stay'));
  };
}

customElements.define('ld-still-there', StillThere);
