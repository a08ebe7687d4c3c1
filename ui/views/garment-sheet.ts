import { type HTMLTemplateResult, html, nothing, type PropertyValues } from 'lit';
import type { Model } from '../../device/api/model-schemas.ts';
import '../elements/chain-strip.ts';
import { icon } from '../elements/icon.ts';
import '../elements/photo.ts';
import type { GarmentChosen, Hanging } from '../elements/rail.ts';
import '../elements/rail.ts';
import type { Garment } from '../lib/api.ts';
import { pairCard, priceOf, sizesLeft, titleOf } from '../lib/say.ts';
import { inWords } from '../lib/words.ts';
import { Sheet } from './sheet.ts';

/**
 * One garment of the store: its picture, price, sizes and place.
 * @fires blend The shopper wants to see what lies between, `detail.sku`. @fires keep It is to be kept, or kept no more, `detail.sku`.
 * @fires start The shopper wants to dial on from it, `detail.sku`. @fires like More like this are asked for, `detail.sku`.
 * @fires choose Another garment was tapped, `detail.sku`. @fires close The sheet was put away.
 */
export class GarmentSheet extends Sheet<Garment> {
  static override properties = {
    similar: { attribute: false },
    pairs: { attribute: false },
    kept: { type: Boolean },
    full: { type: Boolean },
    model: { attribute: false },
  };

  /** Garments like it, nearest first; undefined until they are asked for. */
  declare similar: readonly Garment[] | undefined;
  /** Garments that go with it, best first. */
  declare pairs: readonly Garment[];
  /** Whether it is kept, and whether no more can be. */
  declare kept: boolean;
  declare full: boolean;
  declare model: Model;

  constructor() {
    super();
    this.pairs = [];
    this.kept = false;
    this.full = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    // A larger text, or a long name, may have left no room for them below: what was asked for is brought into sight.
    const asked = changed.has('similar') && changed.get('similar') === undefined && this.similar !== undefined;
    if (asked) this.renderRoot.querySelector('.similar')?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  }

  protected override sheet(garment: Garment): HTMLTemplateResult {
    const { texts } = this;
    return html`<div class="picture"><ld-photo .src=${garment.image} .alt=${titleOf(garment, texts)}></ld-photo></div>
      <div class="facts">
        ${this.heading(garment, this.model.store.currency)}
        <h3>${texts.sizes}</h3>
        ${this.#sizes(garment)}
        <h3>${texts.where}</h3>
        <p class="where">${icon('hanger')}<span>${garment.location ?? texts.whereUnknown}</span></p>
        <div class="actions">
          <button class="start" @click=${() => this.#say('start', garment.sku)}>${texts.startFromThis}</button>
          <button class="blend" @click=${() => this.#say('blend', garment.sku)}>${texts.design.blend}</button>
          <button
            class="keep"
            aria-pressed=${this.kept}
            aria-disabled=${this.full && !this.kept}
            @click=${() => this.#say('keep', garment.sku)}
          >
            ${icon('ribbon')}${this.kept ? texts.design.kept : texts.design.keep}
          </button>
          <button class="like" aria-expanded=${this.similar !== undefined} @click=${() => this.#say('like', garment.sku)}>
            ${texts.moreLikeThis}
          </button>
        </div>
      </div>
      ${this.full && !this.kept ? html`<p class="full" role="status">${texts.design.shelfFull}</p>` : nothing}
      ${this.#pairs()} ${this.#likeness()}`;
  }

  #sizes({ sizes }: Garment): unknown {
    const { texts } = this;
    if (sizes === null) return html`<p class="unknown">${texts.sizesUnknown}</p>`;
    return html`<ul class="sizes">
      ${sizes.map(
        ({ name, quantity }) => html`<li class=${quantity === 0 ? 'gone' : ''}>
          <b>${inWords(name, texts.words)}</b>
          ${quantity === 0 ? html`<small>${texts.soldOut}</small>` : nothing}
          ${quantity === 1 ? html`<small>${texts.lastOne}</small>` : nothing}
        </li>`,
      )}
    </ul>`;
  }

  /** On a screen that lies a column, which makes room for the garments like it once they are asked for. */
  #pairs(): unknown {
    if (this.pairs.length === 0) return nothing;
    return html`<section class="pairs">
      <ld-chain-strip
        ?row=${this.similar !== undefined}
        .cards=${this.pairs.map(garment => pairCard(garment, this.model.store.currency, this.texts))}
        .label=${this.texts.design.goesWith}
        @choose=${(event: CustomEvent<GarmentChosen>) => this.#say('choose', event.detail.sku)}
      ></ld-chain-strip>
    </section>`;
  }

  #likeness(): unknown {
    if (this.similar === undefined) return nothing;
    return html`<section class="similar">
      <ld-rail
        .garments=${this.similar.map(garment => this.#hanging(garment))}
        .label=${this.texts.similar}
        .empty=${this.texts.emptyRail}
        @choose=${(event: CustomEvent<GarmentChosen>) => this.#say('choose', event.detail.sku)}
      ></ld-rail>
    </section>`;
  }

  #hanging(garment: Garment): Hanging {
    const { texts } = this;
    const price = priceOf(garment, this.model.store.currency, texts);
    const sizes = sizesLeft(garment.sizes, texts);
    const title = titleOf(garment, texts);
    const nearness = price === '' ? '' : title;
    const spoken = [price, title, sizes].filter(part => part !== '').join(', ');
    const words = { title, price, nearness, sizes, spoken };
    return { sku: garment.sku, image: garment.image, share: 0, words };
  }

  #say(type: 'start' | 'blend' | 'keep' | 'like' | 'choose', sku: string): void {
    this.dispatchEvent(new CustomEvent<GarmentChosen>(type, { detail: { sku } }));
  }
}

customElements.define('ld-garment-sheet', GarmentSheet);
