import { css, html, LitElement, nothing } from 'lit';
import type { Item } from '../../device/api/item-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import '../elements/photo.ts';
import { Api, ApiError, DaemonGone } from '../lib/api.ts';
import { type KeptLink, readLink } from '../lib/kept-list.ts';
import { priceOf, titleOf } from '../lib/say.ts';
import { inWords } from '../lib/words.ts';
import { isLanguage, LOCALES } from '../locales/index.ts';
import type { Texts } from '../locales/texts.ts';
import { base, tokens } from '../styles/tokens.ts';

type Found = KeptLink['garments'][number] & { readonly item: Item | undefined };

/** What a shopper kept, as their phone shows it: asked of the box anew, and told to nobody. */
export class KeptPage extends LitElement {
  static override properties = { found: { state: true }, model: { state: true }, away: { state: true } };
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: block;
        min-height: 100dvh;
        padding: 1.5rem 1.25rem 3rem;
        background: var(--paper);
        color: var(--ink);
        font: 450 1.0625rem/1.4 var(--sans);
      }

      h1 {
        margin-block-end: 1.5rem;
        font: 430 1.875rem/1.15 var(--serif);
        text-wrap: balance;
      }

      ul {
        display: grid;
        gap: 1.5rem;
        max-width: 40rem;
      }

      li {
        display: grid;
        grid-template-columns: 7rem minmax(0, 1fr);
        gap: 1.25rem;
        align-items: center;
      }

      ld-photo {
        height: 8.5rem;
      }

      h2 {
        font: 460 1.3125rem/1.2 var(--serif);
        overflow-wrap: anywhere;
      }

      .price {
        font: 480 1.1875rem/1.3 var(--serif);
      }

      .soft {
        color: var(--ink-soft);
      }
    `,
  ];

  /** Undefined until the box has answered. */
  declare found: readonly Found[] | undefined;
  declare model: Model | undefined;
  declare away: boolean;
  readonly #api = new Api((address, init) => fetch(address, init));
  #link: KeptLink = readLink('');

  constructor() {
    super();
    this.away = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#onLink);
    this.#onLink();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#onLink);
  }

  get #texts(): Texts {
    return LOCALES[isLanguage(this.#link.language) ? this.#link.language : 'en'];
  }

  readonly #onLink = (): void => {
    this.#link = readLink(location.hash);
    document.documentElement.lang = this.#texts.locale;
    document.documentElement.dir = this.#texts.direction;
    void this.#look();
  };

  async #look(): Promise<void> {
    const link = this.#link;
    try {
      const model = await this.#api.model();
      const found = await Promise.all(link.garments.map(async kept => ({ ...kept, item: await this.#item(kept.sku) })));
      if (link !== this.#link) return;
      this.model = model;
      this.found = found;
      this.away = false;
    } catch (error) {
      if (!(error instanceof DaemonGone) && !(error instanceof ApiError)) throw error;
      this.away = true;
    }
  }

  /** Undefined where it has left the store. */
  async #item(sku: string): Promise<Item | undefined> {
    try {
      return await this.#api.item(sku);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'item-not-found') return undefined;
      throw error;
    }
  }

  override render(): unknown {
    const texts = this.#texts;
    const { found, model } = this;
    return html`<main>
      <h1>${texts.kept.title}</h1>
      ${this.away ? html`<p role="status">${texts.kept.away}</p>` : nothing}
      ${
        found === undefined || model === undefined
          ? nothing
          : html`<ul>${found.map(one => html`<li>${this.#garment(one, model, texts)}</li>`)}</ul>`
      }
    </main>`;
  }

  #garment({ sku, size, item }: Found, model: Model, texts: Texts): unknown {
    if (item === undefined) return html`<span></span><p class="soft">${texts.kept.gone}: <bdi>${sku}</bdi></p>`;
    const price = priceOf(item, model.store.currency, texts);
    return html`<ld-photo .src=${item.image}></ld-photo>
      <div>
        <h2>${titleOf(item, texts)}</h2>
        <p class="price">${price === '' ? texts.priceOnRequest : price}</p>
        ${size === undefined ? nothing : html`<p>${texts.kept.size(inWords(size, texts.words))}</p>`}
        <p class="soft">${item.location ?? texts.whereUnknown}</p>
      </div>`;
  }
}

customElements.define('ld-kept-page', KeptPage);
