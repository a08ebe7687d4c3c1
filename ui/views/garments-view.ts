import { html, LitElement, nothing } from 'lit';
import type { Item } from '../../device/api/item-schemas.ts';
import { icon } from '../elements/icon.ts';
import type { LetterPad, LetterTyped } from '../elements/letter-pad.ts';
import '../elements/letter-pad.ts';
import { sizedImage } from '../lib/picture-size.ts';
import { pixelsPerRem } from '../lib/rem.ts';
import { troubleWords } from '../lib/trouble.ts';
import type { Texts } from '../locales/texts.ts';
import type { Garments } from '../state/garments.ts';
import { base } from '../styles/tokens.ts';
import { garmentsStyle } from './garments-style.ts';
import { hide } from './staff-said.ts';

/** What the API takes; a phone makes a JPEG of whatever else it has. */
const PICTURES = 'image/jpeg,image/png,image/webp';

const show = (event: Event): void => (event.target as HTMLElement).classList.remove('missing');

/** Part of the staff's page: a garment is found, photographed, or taken out of the store. */
export class GarmentsView extends LitElement {
  static override properties = {
    garments: { attribute: false },
    texts: { attribute: false },
    photographs: { type: Boolean },
    doubtful: { state: true },
  };
  static override styles = [base, garmentsStyle];

  declare garments: Garments;
  declare texts: Texts;
  /** This device is one that photographs are taken with; else it says which are. */
  declare photographs: boolean;
  /** The garment is about to be taken out, until that is said twice. */
  declare doubtful: boolean;
  #drawn: { readonly picture: Blob; readonly address: string } | undefined;

  constructor() {
    super();
    this.photographs = false;
    this.doubtful = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.garments.addEventListener('change', this.#onChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.garments.removeEventListener('change', this.#onChange);
    if (this.#drawn !== undefined) URL.revokeObjectURL(this.#drawn.address);
    this.#drawn = undefined;
  }

  /** Where the browser has the cut-out that is shown; one at a time. */
  #address(picture: Blob | undefined): string {
    if (picture === undefined) return '';
    if (this.#drawn?.picture !== picture) {
      if (this.#drawn !== undefined) URL.revokeObjectURL(this.#drawn.address);
      this.#drawn = { picture, address: URL.createObjectURL(picture) };
    }
    return this.#drawn.address;
  }

  readonly #onChange = (): void => {
    if (this.garments.step !== 'garment') this.doubtful = false;
    this.requestUpdate();
  };

  override render(): unknown {
    const { step, garment } = this.garments;
    return html`
      <p class="trouble" role="alert">${this.#trouble()}</p>
      ${step === 'find' || garment === undefined ? this.#find() : this.#one(garment)}
    `;
  }

  #trouble(): string {
    return troubleWords(this.garments.trouble, this.texts);
  }

  /** Keys of a keyboard or a scanner, where no field has them already. */
  press(key: string): void {
    this.renderRoot.querySelector<LetterPad>('ld-letter-pad')?.press(key);
  }

  #find(): unknown {
    const words = this.texts.staff.garments;
    const { found, listed, query } = this.garments;
    return html`
      <p>${words.findHint}</p>
      ${this.photographs ? this.#field() : html`<p class="query" role="status">${query === '' ? html`<i></i>` : query}</p>`}
      ${listed && found.length === 0 ? html`<p class="nothing">${words.nothing}</p>` : nothing}
      <ul class="found">${found.map(item => html`<li>${this.#choice(item)}</li>`)}</ul>
      ${this.photographs ? nothing : this.#pad()}`;
  }

  /** A phone has keys of its own. */
  #field(): unknown {
    return html`<input
      class="query"
      type="search"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      aria-label=${this.texts.staff.garments.find}
      .value=${this.garments.query}
      @input=${(event: Event) => void this.garments.look((event.target as HTMLInputElement).value)}
    />`;
  }

  #pad(): unknown {
    const { letters, space, erase } = this.texts.staff.garments;
    return html`<ld-letter-pad
      .words=${{ letters, space, erase }}
      .text=${this.garments.query}
      @letters=${(event: CustomEvent<LetterTyped>) => void this.garments.look(event.detail.text)}
    ></ld-letter-pad>`;
  }

  #choice(item: Item): unknown {
    const words = this.texts.staff.garments;
    return html`<button @click=${() => this.garments.choose(item.sku)}>
      ${this.#small(item)}
      <span><b>${item.title}</b><small>${item.sku}${item.encoded ? '' : ` · ${words.noPhotograph}`}</small></span>
    </button>`;
  }

  #small({ image, encoded }: Item): unknown {
    if (!encoded) return html`<span class="small">${icon('hanger')}</span>`;
    return html`<img class="small" src=${sizedImage(image, 5 * pixelsPerRem())} alt="" loading="lazy" @error=${hide} @load=${show} />`;
  }

  #one(garment: Item): unknown {
    const { step, shown } = this.garments;
    return html`
      <div class="head"><h3>${garment.title}</h3><small>${garment.sku}</small></div>
      ${step === 'cutting' || step === 'taking' || step === 'removing' ? this.#busy(step) : nothing}
      ${step === 'look' && shown !== undefined ? this.#look() : nothing}
      ${step === 'garment' || step === 'taken' ? this.#standing(garment) : nothing}
      ${step === 'removed' ? html`<p role="status">${this.texts.staff.garments.removed}</p>${this.#another('strong')}` : nothing}
      ${this.#camera()}`;
  }

  #busy(step: 'cutting' | 'taking' | 'removing'): unknown {
    return html`<p class="busy" role="status">${this.texts.staff.garments[step]}</p>`;
  }

  #standing(garment: Item): unknown {
    const words = this.texts.staff.garments;
    const { step } = this.garments;
    return html`
      ${garment.encoded ? html`<img class="picture" src=${step === 'taken' ? this.#address(this.garments.picture) : garment.image} alt=${garment.title} @error=${hide} @load=${show} />` : html`<p>${words.noPhotograph}</p>`}
      ${step === 'taken' ? this.#done() : this.#choices(garment)}`;
  }

  #done(): unknown {
    const words = this.texts.staff.garments;
    return html`<p role="status">${words.taken}</p>
      ${this.#another('strong')} ${this.#cameraButton(words.again, 'quiet')}`;
  }

  #choices(garment: Item): unknown {
    const words = this.texts.staff.garments;
    return html`
      ${this.photographs ? this.#photographing(garment) : html`<p class="hint">${words.photographElsewhere}</p>`}
      ${this.#another('quiet')}
      ${this.doubtful ? this.#doubt(garment) : this.#takeOut()}`;
  }

  #photographing({ encoded }: Item): unknown {
    const words = this.texts.staff.garments;
    return html`<p class="hint">${words.photographHint}</p>${this.#cameraButton(encoded ? words.again : words.photograph, 'strong')}`;
  }

  #cameraButton(name: string, kind: 'strong' | 'quiet'): unknown {
    const open = (): void => this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click();
    return html`<button class="camera ${kind}" @click=${open}>${name}</button>`;
  }

  #camera(): unknown {
    if (!this.photographs) return nothing;
    return html`<input type="file" accept=${PICTURES} capture="environment" hidden @change=${this.#onPicture} />`;
  }

  readonly #onPicture = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [picture] = input.files ?? [];
    // The same file may be chosen again.
    if (picture !== undefined) void this.garments.photograph(picture).finally(() => (input.value = ''));
  };

  #look(): unknown {
    const words = this.texts.staff.garments;
    const { doubts = [] } = this.garments.shown ?? {};
    return html`
      <p role="status">${words.looks}</p>
      <img class="picture cutout" src=${this.#address(this.garments.picture)} alt=${words.cutout} />
      ${doubts.map(doubt => html`<p class="doubt">${words.doubts[doubt]}</p>`)}
      <div class="both">
        <button class="strong" @click=${() => void this.garments.take()}>${words.use}</button>
        ${this.#cameraButton(words.again, 'quiet')}
      </div>`;
  }

  #another(kind: 'strong' | 'quiet'): unknown {
    const words = this.texts.staff.garments;
    return html`<button class="another ${kind}" @click=${() => void this.garments.open()}>${words.another}</button>`;
  }

  #takeOut(): unknown {
    return html`<button class="out quiet" @click=${() => {
      this.doubtful = true;
    }}>${this.texts.staff.garments.takeOut}</button>`;
  }

  #doubt({ title }: Item): unknown {
    const words = this.texts.staff.garments;
    return html`<p class="doubt" role="alert">${words.takeOutSure(title)}</p>
      <div class="both">
        <button class="sure strong" @click=${() => void this.garments.remove()}>${words.takeOut}</button>
        <button class="quiet" @click=${() => {
          this.doubtful = false;
        }}>${this.texts.staff.keep}</button>
      </div>`;
  }
}

customElements.define('ld-garments', GarmentsView);
