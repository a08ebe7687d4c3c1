import { html, LitElement, nothing } from 'lit';
import type { UnencodedItem } from '../../device/api/unencoded-schemas.ts';
import { icon } from '../elements/icon.ts';
import { Follow } from '../lib/follow.ts';
import { sizedImage } from '../lib/picture-size.ts';
import { pixelsPerRem } from '../lib/rem.ts';
import { titleOf } from '../lib/say.ts';
import { troubleWords } from '../lib/trouble.ts';
import type { Texts } from '../locales/texts.ts';
import type { Unfound } from '../state/unfound.ts';
import { base } from '../styles/tokens.ts';
import { staffChoicesStyle } from './staff-choices-style.ts';
import { hide } from './staff-said.ts';
import { staffStyle } from './staff-style.ts';
import { unfoundStyle } from './unfound-style.ts';

/** Whether there is a picture that is kept: its address says which. */
const isKept = ({ image }: UnencodedItem): boolean => image.includes('?v=');

/**
 * Part of the staff's page: the garments that no dial finds, what is wrong with each, and what can be done.
 * @fires photograph The garment that is looked at is to be photographed.
 */
export class UnfoundView extends LitElement {
  static override properties = {
    unfound: { attribute: false },
    texts: { attribute: false },
  };
  static override styles = [base, staffStyle, staffChoicesStyle, unfoundStyle];

  declare unfound: Unfound;
  declare texts: Texts;

  constructor() {
    super();
    new Follow(this, () => this.unfound);
  }

  override render(): unknown {
    const { unfound } = this;
    return html`<p role="status" class="found">${unfound.found === undefined ? '' : this.texts.staff.unfound.found(unfound.found)}</p>
      ${unfound.chosen === undefined ? this.#list() : this.#one(unfound.chosen)}`;
  }

  #list(): unknown {
    const words = this.texts.staff.unfound;
    const { items, count } = this.unfound;
    if (count === undefined) return nothing;
    if (count === 0) return html`<p class="none">${icon('done')}<span>${words.none}</span></p>`;
    const more = count - items.length;
    return html`<p>${words.hint}</p>
      <ul>${items.map(item => html`<li>${this.#choice(item)}</li>`)}</ul>
      ${more > 0 ? html`<p>${words.more(more)}</p>` : nothing}`;
  }

  #choice(item: UnencodedItem): unknown {
    const words = this.texts.staff.unfound;
    return html`<button @click=${() => this.unfound.choose(item.sku)}>
      ${this.#small(item)}
      <span class="told"><b>${titleOf(item, this.texts)}</b><small>${item.sku}</small><small>${words.reasons[item.reason]}</small></span>
    </button>`;
  }

  #small(item: UnencodedItem): unknown {
    if (!isKept(item)) return html`<span class="small">${icon('hanger')}</span>`;
    return html`<img class="small" src=${sizedImage(item.image, 5.5 * pixelsPerRem())} alt="" loading="lazy" @error=${hide} />`;
  }

  #one(item: UnencodedItem): unknown {
    const words = this.texts.staff.unfound;
    const { trying } = this.unfound;
    return html`<section class="one ${isKept(item) ? 'pictured' : ''}">
      <div><h3>${titleOf(item, this.texts)}</h3><small>${item.sku}</small></div>
      ${isKept(item) ? html`<img class="picture" src=${item.image} alt=${titleOf(item, this.texts)} @error=${hide} />` : nothing}
      <p class="why">${words.reasons[item.reason]}</p>
      <p>${words.steps[item.reason]}</p>
      <p class="trouble" role="alert">${this.#trouble()}</p>
      <div class="ways">
        <button class="strong photograph" ?disabled=${trying} @click=${this.#onPhotograph}>${words.photograph}</button>
        ${item.canTryAgain ? html`<button class="quiet again" ?disabled=${trying} @click=${() => void this.unfound.tryAgain()}>${trying ? words.trying : words.again}</button>` : nothing}
        <button class="quiet be" ?disabled=${trying} @click=${() => this.unfound.letBe()}>${words.letBe}</button>
      </div>
    </section>`;
  }

  #trouble(): string {
    const { trouble } = this.unfound;
    // What a shopper is told of such a garment is another thing.
    if (trouble === 'item-not-encoded') return this.texts.staff.unfound.reasons['inference-failed'];
    return troubleWords(trouble, this.texts);
  }

  readonly #onPhotograph = (): void => {
    const { chosen } = this.unfound;
    if (chosen !== undefined) this.dispatchEvent(new CustomEvent<UnencodedItem>('photograph', { detail: chosen }));
  };
}

customElements.define('ld-unfound', UnfoundView);
