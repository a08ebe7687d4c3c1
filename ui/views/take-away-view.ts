import { html, nothing } from 'lit';
import type { Model } from '../../device/api/model-schemas.ts';
import '../elements/code.ts';
import { icon } from '../elements/icon.ts';
import { Panel } from '../elements/panel.ts';
import '../elements/photo.ts';
import { Follow } from '../lib/follow.ts';
import { linkTo, listTexts } from '../lib/kept-list.ts';
import { priceOf, titleOf } from '../lib/say.ts';
import { inWords } from '../lib/words.ts';
import type { Language } from '../locales/index.ts';
import type { Kept, KeptGarment } from '../state/kept.ts';
import { panelStyle } from '../styles/panel.ts';
import { base } from '../styles/tokens.ts';
import { takeAwayStyle } from './take-away-style.ts';

/** What the shopper keeps, and the code that takes it to their phone. @fires close It was put away. */
export class TakeAwayView extends Panel {
  static override properties = {
    ...Panel.properties,
    kept: { attribute: false },
    model: { attribute: false },
    shop: {},
    page: {},
    language: {},
    way: { state: true },
    leaf: { state: true },
  };
  static override styles = [base, panelStyle, takeAwayStyle];

  declare kept: Kept;
  declare model: Model;
  /** What the shop is called. */
  declare shop: string;
  /** Where a phone finds the box; null where it does not. */
  declare page: string | null;
  declare language: Language;
  declare way: 'list' | 'page';
  /** Which of several codes. */
  declare leaf: number;

  constructor() {
    super();
    this.page = null;
    this.way = 'list';
    this.leaf = 0;
    new Follow(this, () => this.kept);
  }

  protected override willUpdate(): void {
    // Whoever opens it next begins with what every phone can do.
    if (this.open) return;
    this.way = 'list';
    this.leaf = 0;
  }

  protected override content(): unknown {
    const { kept, texts } = this;
    const { garments } = kept;
    return html`<h2 id="title">${texts.kept.title}</h2>
      ${garments.length === 0 ? html`<p class="none">${texts.kept.none}</p>` : html`${this.#code()}${this.#list(garments)}`}`;
  }

  #list(garments: readonly KeptGarment[]): unknown {
    const { kept } = this.texts;
    return html`<section class="kept">
      <h3>${kept.count(garments.length)}</h3>
      <ul>${garments.map(garment => html`<li>${this.#garment(garment)}</li>`)}</ul>
    </section>`;
  }

  #garment(garment: KeptGarment): unknown {
    const { texts, model } = this;
    const title = titleOf(garment, texts);
    const price = priceOf(garment, model.store.currency, texts);
    const size = garment.size === undefined ? '' : texts.kept.size(inWords(garment.size, texts.words));
    const facts = [price === '' ? texts.priceOnRequest : price, size].filter(part => part !== '');
    return html`
      <ld-photo .src=${garment.image}></ld-photo>
      <div class="words">
        <b>${title}</b>
        <span>${facts.map((fact, at) => html`${at === 0 ? '' : ' · '}<bdi>${fact}</bdi>`)}</span>
        <span>${garment.location ?? texts.whereUnknown}</span>
      </div>
      <button class="remove" aria-label=${texts.kept.remove(title)} @click=${() => this.kept.remove(garment.sku)}>
        ${icon('close')}
      </button>`;
  }

  #code(): unknown {
    const { kept, texts, model, shop, page, language } = this;
    const { garments } = kept;
    const lists = listTexts(garments, { name: shop, currency: model.store.currency }, texts);
    const onPage = this.way === 'page' && page !== null;
    const part = Math.min(this.leaf, lists.length - 1);
    const text = onPage ? linkTo(page, { language, garments }) : lists[part]!;
    return html`<section class="take">
      ${page === null ? nothing : this.#ways(onPage)}
      <ld-code .text=${text} .label=${texts.kept.code}></ld-code>
      ${onPage || lists.length < 2 ? nothing : this.#parts(part, lists.length)}
      <p class="hint">${onPage ? texts.kept.pageHint : texts.kept.listHint}</p>
    </section>`;
  }

  #ways(onPage: boolean): unknown {
    const { asList, asPage } = this.texts.kept;
    const way = (words: string, pressed: boolean, go: TakeAwayView['way']): unknown =>
      html`<button aria-pressed=${pressed} @click=${() => this.#go(go)}>${words}</button>`;
    return html`<div class="ways">${way(asList, !onPage, 'list')}${way(asPage, onPage, 'page')}</div>`;
  }

  #go(way: TakeAwayView['way']): void {
    this.way = way;
  }

  #parts(part: number, parts: number): unknown {
    return html`<button class="quiet part" @click=${() => this.#turn((part + 1) % parts)}>
      ${this.texts.kept.part(part + 1, parts)}
    </button>`;
  }

  #turn(part: number): void {
    this.leaf = part;
  }
}

customElements.define('ld-take-away', TakeAwayView);
