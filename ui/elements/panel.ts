import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Texts } from '../locales/texts.ts';
import { icon } from './icon.ts';

/**
 * A sheet over the page, of which an element of its own gives the content.
 * @fires close It was put away.
 */
export abstract class Panel extends LitElement {
  static override properties = { open: { type: Boolean }, texts: { attribute: false } };

  declare open: boolean;
  declare texts: Texts;

  constructor() {
    super();
    this.open = false;
  }

  /** With one element of the id `title`. */
  protected abstract content(): unknown;

  override render(): unknown {
    return html`<dialog aria-labelledby="title" @close=${this.#onClose} @click=${this.#onBackdrop}>${
      this.open
        ? html`<div class="panel">
            <button class="close" aria-label=${this.texts.close} @click=${() => this.put()}>${icon('close')}</button>
            ${this.content()}
          </div>`
        : nothing
    }</dialog>`;
  }

  /** Puts it away. */
  protected put(): void {
    this.renderRoot.querySelector('dialog')?.close();
  }

  protected override updated(_changed: PropertyValues): void {
    const dialog = this.renderRoot.querySelector('dialog')!;
    if (this.open && !dialog.open) dialog.showModal();
    if (!this.open && dialog.open) dialog.close();
  }

  readonly #onClose = (): void => {
    this.dispatchEvent(new CustomEvent('close'));
  };

  // A tap beside the sheet lands on the dialog itself.
  readonly #onBackdrop = (event: Event): void => {
    if (event.target === event.currentTarget) this.put();
  };
}
