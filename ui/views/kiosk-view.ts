import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { ChainMatch } from '../../device/api/chain-schemas.ts';
import type { GarmentChosen } from '../elements/rail.ts';
import { cssColour } from '../lib/accent.ts';
import { Api, ApiError, type Garment } from '../lib/api.ts';
import { Follow } from '../lib/follow.ts';
import { LongPress } from '../lib/long-press.ts';
import { drawing, mmPerPx, targetPx } from '../lib/screen.ts';
import { StaffApi } from '../lib/staff-api.ts';
import { listenToStore, type StoreNews } from '../lib/store-events.ts';
import { isLanguage, LANGUAGES, type Language, LOCALES } from '../locales/index.ts';
import type { Texts } from '../locales/texts.ts';
import { GoesWith } from '../state/goes-with.ts';
import { Session } from '../state/session.ts';
import { Staff } from '../state/staff.ts';
import { base, tokens } from '../styles/tokens.ts';
import type { HoldAsked } from './chain-sheet.ts';
import './chain-sheet.ts';
import './design-view.ts';
import './garment-sheet.ts';
import type { KindChosen } from './kinds-view.ts';
import { kioskStyle } from './kiosk-style.ts';
import './kinds-view.ts';
import './staff-view.ts';

const SIMILAR = 8;
/** Over a collection that is no shop's. */
const PRODUCT = 'Lookdial';

const reduced = matchMedia('(prefers-reduced-motion: reduce)');

/** The kiosk: the session, the language, and whichever view is open. */
export class KioskView extends LitElement {
  static override properties = {
    language: { state: true },
    garment: { state: true },
    similar: { state: true },
    elsewhere: { state: true },
  };
  static override styles = [tokens, base, kioskStyle];

  declare language: Language;
  declare garment: Garment | undefined;
  declare similar: readonly Garment[] | undefined;
  /** A garment of another store that is looked at. */
  declare elsewhere: ChainMatch | undefined;

  readonly #api = new Api((address, init) => fetch(address, init));
  readonly #session = new Session(this.#api, {
    get reduced() {
      return reduced.matches;
    },
    next: run => requestAnimationFrame(run),
    cancel: frame => cancelAnimationFrame(frame as number),
  });

  /** What goes with the garment that is looked at. */
  readonly #pairs = new GoesWith(this.#api, () => this.requestUpdate());
  #shopper = this.#session.shopper;
  /** What the screen speaks to who comes new. */
  readonly #firstLanguage: Language;
  readonly #staff = new Staff(new StaffApi((address, init) => fetch(address, init), localStorage));
  readonly #staffPress = new LongPress(() => void this.#staff.open());
  #deafen: (() => void) | undefined;

  constructor() {
    super();
    const asked = new URLSearchParams(location.search).get('lang') ?? '';
    this.#firstLanguage = isLanguage(asked) ? asked : 'en';
    this.language = this.#firstLanguage;
    new Follow(this, () => this.#session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.style.setProperty('--target', `${targetPx(mmPerPx(location.search))}px`);
    // A long press is no way into the browser.
    this.addEventListener('contextmenu', event => event.preventDefault());
    document.addEventListener('keydown', this.#onKey);
    void this.#session.start();
    this.#deafen = listenToStore(
      address => new EventSource(address),
      news => this.#heard(news),
    );
  }

  /** The garment that is looked at, and what hangs on the rail, as they are now. */
  #heard(news: StoreNews): void {
    this.#session.heard(news);
    const { garment } = this;
    if (garment === undefined || !(news.more || news.skus.includes(garment.sku))) return;
    void this.#attempt(async () => {
      const now = await this.#api.item(garment.sku);
      if (this.garment?.sku === now.sku) this.garment = now;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#deafen?.();
    document.removeEventListener('keydown', this.#onKey);
    this.#staff.leave();
  }

  get #texts(): Texts {
    return LOCALES[this.language];
  }

  override render(): unknown {
    const texts = this.#texts;
    const { model } = this.#session;
    if (model === undefined || this.#session.display.picture === undefined) {
      return html`${this.#waiting(texts)}${this.#staffDoor(texts)}`;
    }
    return html`
      <header>
        <h1>${model.store.demonstration ? PRODUCT : model.store.name}</h1>
        ${model.store.demonstration ? html`<p class="demonstration">${texts.demonstration}</p>` : nothing}
        <div class="languages" role="group" aria-label=${texts.language}>${LANGUAGES.map(name => this.#languageButton(name))}</div>
      </header>
      <main>${this.#kinds(texts)}<ld-design
        class=${this.#picking ? 'away-for-kinds' : ''}
        .session=${this.#session}
        .texts=${texts}
        .drawing=${drawing(location.search)}
        @choose=${(event: CustomEvent<GarmentChosen>) => void this.#open(event.detail.sku)}
        @elsewhere=${this.#openElsewhere}
      ></ld-design></main>
      <ld-garment-sheet
        .garment=${this.garment}
        .similar=${this.similar}
        .pairs=${this.#pairs.matches}
        .kept=${this.garment !== undefined && this.#session.kept.has(this.garment.sku)}
        .full=${this.#session.kept.full}
        .model=${model}
        .texts=${texts}
        @start=${(event: CustomEvent<GarmentChosen>) => this.#startFrom(event.detail.sku)}
        @blend=${(event: CustomEvent<GarmentChosen>) => this.#blend(event.detail.sku)}
        @keep=${() => this.garment !== undefined && this.#session.keep(this.garment)}
        @like=${(event: CustomEvent<GarmentChosen>) => void this.#like(event.detail.sku)}
        @choose=${(event: CustomEvent<GarmentChosen>) => void this.#open(event.detail.sku)}
        @close=${this.#close}
      ></ld-garment-sheet>
      ${model.chain ? this.#chainSheet(texts, model.store.currency) : nothing}
      ${this.#session.connection === 'gone' ? this.#away(texts) : nothing}
      ${this.#staffDoor(texts)}
    `;
  }

  /** The kinds come first, where there is a choice. */
  get #picking(): boolean {
    return this.#session.picking && (this.#session.model?.store.categories.length ?? 0) > 1;
  }

  #kinds(texts: Texts): unknown {
    const session = this.#session;
    if (!this.#picking) return nothing;
    return html`<ld-kinds-view
      .model=${session.model}
      .facets=${session.choosing.facets}
      .chosen=${session.begun ? session.kind : undefined}
      .texts=${texts}
      @choose=${({ detail }: CustomEvent<KindChosen>) => void session.choose(detail.kind)}
    ></ld-kinds-view>`;
  }

  #chainSheet(texts: Texts, currency: string | null): unknown {
    const { elsewhere } = this.#session;
    return html`<ld-chain-sheet
      .garment=${this.elsewhere}
      .holding=${elsewhere.holding}
      .currency=${currency}
      .texts=${texts}
      @hold=${({ detail }: CustomEvent<HoldAsked>) => void elsewhere.hold(detail.sku, detail.store, detail.size)}
      @close=${this.#closeElsewhere}
    ></ld-chain-sheet>`;
  }

  /** A corner that does nothing for a shopper: staff press it for long. */
  #staffDoor(texts: Texts): unknown {
    const press = this.#staffPress;
    return html`<div
        class="corner"
        @pointerdown=${(event: PointerEvent) => press.down(event)}
        @pointermove=${(event: PointerEvent) => press.move(event)}
        @pointerup=${() => press.end()}
        @pointercancel=${() => press.end()}
        @pointerleave=${() => press.end()}
      ></div>
      <ld-staff .staff=${this.#staff} .texts=${texts}></ld-staff>`;
  }

  #languageButton(name: Language): unknown {
    return html`<button lang=${name} aria-pressed=${name === this.language} @click=${() => this.#speak(name)}>
      ${LOCALES[name].name}
    </button>`;
  }

  #waiting(texts: Texts): unknown {
    return html`<p class="starting" role="status">
      ${this.#session.connection === 'gone' ? texts.gone : texts.starting}
    </p>`;
  }

  #away(texts: Texts): unknown {
    return html`<div class="away" role="status"><b>${texts.gone}</b><span>${texts.goneDetail}</span></div>`;
  }

  protected override willUpdate(): void {
    const { shopper } = this.#session;
    if (shopper === this.#shopper) return;
    this.#shopper = shopper;
    this.#close();
    this.#pairs.forget();
    this.elsewhere = undefined;
    this.language = this.#firstLanguage;
  }

  protected override updated(changed: PropertyValues): void {
    const { accent } = this.#session.display;
    if (accent !== undefined) this.style.setProperty('--accent', cssColour(accent));
    if (!changed.has('language')) return;
    document.documentElement.lang = this.#texts.locale;
    document.documentElement.dir = this.#texts.direction;
  }

  /** For staff with a keyboard. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey && event.altKey && event.code === 'KeyS') void this.#staff.open();
  };

  #speak(language: Language): void {
    this.language = language;
  }

  /** Shows the garment at once where the rail has it, else as soon as the daemon answers. */
  async #open(sku: string): Promise<void> {
    const known =
      this.#session.display.matches.find(match => match.sku === sku) ??
      this.similar?.find(garment => garment.sku === sku) ??
      [...this.#session.goesWith.matches, ...this.#pairs.matches].find(garment => garment.sku === sku);
    this.similar = undefined;
    this.garment = known;
    this.#pairs.forget();
    await this.#attempt(async () => {
      if (known === undefined) this.garment = await this.#api.item(sku);
      const { category } = this.garment ?? {};
      const { mu } = await this.#api.posterior(sku);
      if (this.garment?.sku === sku) this.#pairs.ask({ z: mu, ...(category ? { category } : {}) });
    });
  }

  readonly #openElsewhere = (event: CustomEvent<GarmentChosen>): void => {
    this.elsewhere = this.#session.elsewhere.matches.find(({ sku }) => sku === event.detail.sku);
  };

  readonly #closeElsewhere = (): void => {
    this.elsewhere = undefined;
    this.#session.elsewhere.forget();
  };

  async #like(sku: string): Promise<void> {
    await this.#attempt(async () => {
      const { matches } = await this.#api.similar(sku, SIMILAR);
      if (this.garment?.sku === sku) this.similar = matches;
    });
  }

  #startFrom(sku: string): void {
    this.#close();
    void this.#session.startFrom(sku);
  }

  #blend(sku: string): void {
    this.#close();
    void this.#session.blendWith(sku);
  }

  readonly #close = (): void => {
    this.garment = undefined;
    this.similar = undefined;
  };

  async #attempt(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (error instanceof ApiError) this.#close();
      this.#session.failed(error);
    }
  }
}

customElements.define('ld-kiosk', KioskView);
