import {
  type CSSResult,
  type HTMLTemplateResult,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
} from 'lit';
import { icon } from '../elements/icon.ts';
import { type Described, kindLine, priceOf, titleOf } from '../lib/say.ts';
import type { Texts } from '../locales/texts.ts';
import { base } from '../styles/tokens.ts';
import { sheetStyle } from './sheet-style.ts';

/** A sheet over the kiosk that tells of one garment, until it is put away. @fires close The sheet was put away. */
export abstract class Sheet<G extends Described> extends LitElement {
  static override properties: PropertyDeclarations = { garment: { attribute: false }, texts: { attribute: false } };
  static override styles: CSSResult[] = [base, sheetStyle];

  /** Undefined while the sheet is put away. */
  declare garment: G | undefined;
  declare texts: Texts;

  /** Its picture, and what it says. */
  protected abstract sheet(garment: G): HTMLTemplateResult;

  override render(): unknown {
    const { garment } = this;
    return html`<dialog
      aria-labelledby="title"
      @close=${this.#onClose}
      @click=${this.#onBackdrop}
    >${garment === undefined ? nothing : this.#shown(garment)}</dialog>`;
  }

  #shown(garment: G): unknown {
    return html`<div class="sheet">
      <button class="close" aria-label=${this.texts.close} @click=${this.#close}>${icon('close')}</button>
      ${this.sheet(garment)}
    </div>`;
  }

  /** What is said of every garment first. @param currency the store's own, where the garment names none */
  protected heading(garment: G, currency: string | null): HTMLTemplateResult {
    const { texts } = this;
    const price = priceOf(garment, currency, texts);
    const line = kindLine(garment, texts);
    return html`${line === '' ? nothing : html`<p class="kind">${line}</p>`}
      <h2 id="title">${titleOf(garment, texts)}</h2>
      <p class="price ${price === '' ? 'ask' : ''}">${price === '' ? texts.priceOnRequest : price}</p>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const dialog = this.renderRoot.querySelector('dialog')!;
    if (this.garment !== undefined && !dialog.open) dialog.showModal();
    if (this.garment === undefined && dialog.open) dialog.close();
    if (changed.has('garment')) dialog.scrollTo({ top: 0 });
  }

  readonly #close = (): void => this.renderRoot.querySelector('dialog')?.close();

  readonly #onClose = (): void => {
    this.dispatchEvent(new CustomEvent('close'));
  };

  // A tap beside the sheet lands on the dialog itself.
  readonly #onBackdrop = (event: Event): void => {
    if (event.target === event.currentTarget) this.#close();
  };
}
