import { html, LitElement, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Model } from '../../device/api/model-schemas.ts';
import type { GarmentChosen } from '../elements/rail.ts';
import { Api } from '../lib/api.ts';
import { Follow } from '../lib/follow.ts';
import { frames } from '../lib/frames.ts';
import { watchHands } from '../lib/hands.ts';
import { HelpApi } from '../lib/help-api.ts';
import { LongPress } from '../lib/long-press.ts';
import { startPulse } from '../lib/pulse.ts';
import { drawing, idleMs, mmPerPx, nameOfScreen, placeOfScreen, targetPx } from '../lib/screen.ts';
import { StaffApi } from '../lib/staff-api.ts';
import { listenToStore, type StoreNews } from '../lib/store-events.ts';
import { isLanguage, LOCALES } from '../locales/index.ts';
import type { Texts } from '../locales/texts.ts';
import { Atlas } from '../state/atlas.ts';
import { LookedAt } from '../state/looked-at.ts';
import { Session } from '../state/session.ts';
import { Staff } from '../state/staff.ts';
import { Visit } from '../state/visit.ts';
import { Walk } from '../state/walk.ts';
import { base, tokens } from '../styles/tokens.ts';
import './bar-view.ts';
import type { DesignView } from './design-view.ts';
import './design-view.ts';
import './explore-view.ts';
import { chainSheet, garmentSheet } from './garment-sheets.ts';
import type { KindChosen } from './kinds-view.ts';
import { away, heading, staffDoor, waiting } from './kiosk-door.ts';
import { dress } from './kiosk-dress.ts';
import { shopWindow, visitSheets } from './kiosk-sheets.ts';
import './kinds-view.ts';
import { kioskStyle } from './kiosk-style.ts';
import './still-there.ts';

/** Over a collection that is no shop's. */
const PRODUCT = 'Lookdial';
/** The window stays under the finger that woke the screen for so long, unseen, milliseconds: what is under it is not touched. */
const LEAVING_MS = 700;

/** The kiosk: one visit after the other, and whichever view is open. */
export class KioskView extends LitElement {
  static override properties = {
    leaving: { state: true },
    page: { state: true },
    exploring: { state: true },
  };
  static override styles = [tokens, base, kioskStyle];

  declare leaving: boolean;
  /** Where a phone finds the box; null where it does not. */
  declare page: string | null;
  /** The map lies over the shop window, which stays as it is under it. */
  declare exploring: boolean;

  readonly #api = new Api((address, init) => fetch(address, init));
  readonly #help = new HelpApi((address, init) => fetch(address, init));
  readonly #walk = new Walk(this.#api);
  readonly #session = new Session(this.#api, frames);
  /** The last one that is known: the window shows the store while the next session begins. */
  #model: Model | undefined;

  readonly #atlas = new Atlas(this.#api);
  readonly #looked = new LookedAt(this.#api, {
    known: sku =>
      [...this.#session.display.matches, ...this.#session.goesWith.matches].find(match => match.sku === sku),
    failed: error => this.#session.failed(error),
  });
  readonly #staff = new Staff(new StaffApi((address, init) => fetch(address, init), localStorage));
  readonly #staffPress = new LongPress(() => void this.#staff.open());
  readonly #visit: Visit;
  #ends: readonly (() => void)[] = [];

  constructor() {
    super();
    const asked = new URLSearchParams(location.search).get('lang') ?? '';
    this.leaving = false;
    this.page = null;
    this.exploring = false;
    this.#visit = new Visit(
      {
        language: isLanguage(asked) ? asked : 'en',
        idleMs: idleMs(location.search),
        place: placeOfScreen(location.search),
        occupied: () => this.#staff.phase !== 'away',
        left: () => this.#forget(),
      },
      this.#help,
      this.#session.kept,
    );
    new Follow(this, () => this.#session);
    new Follow(this, () => this.#visit);
    new Follow(this, () => this.#looked);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.style.setProperty('--target', `${targetPx(mmPerPx(location.search))}px`);
    // A long press is no way into the browser.
    this.addEventListener('contextmenu', event => event.preventDefault());
    document.addEventListener('keydown', this.#onKey);
    addEventListener('resize', this.#onResize);
    void this.#session.start();
    this.#ends = [
      listenToStore(
        address => new EventSource(address),
        news => this.#heard(news),
        rate => {
          this.#session.display.pace(rate);
          this.#staff.unfound.heard();
        },
        call => {
          this.#visit.calling.heard(call);
          this.#staff.calls.heard(call);
        },
      ),
      watchHands(this.#onSign),
      startPulse(nameOfScreen(location.search), (address, init) => fetch(address, init)),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    document.removeEventListener('keydown', this.#onKey);
    removeEventListener('resize', this.#onResize);
    this.#visit.attendance.stop();
    this.#staff.leave();
  }

  /** The shopper has gone: the next one begins with a session of their own, and nothing of the one before is anywhere. */
  #forget(): void {
    this.#looked.close();
    if (this.exploring) this.#leaveMap();
    this.#session.forget();
  }

  /** The garment that is looked at, and what hangs on the rail, as they are now. */
  #heard(news: StoreNews): void {
    this.#session.heard(news);
    this.#staff.heard(news);
    if (news.more) {
      void this.#visit.calling.look();
      void this.#staff.calls.look();
    }
    void this.#atlas.lookAgain();
    void this.#looked.heard(news);
  }

  get #texts(): Texts {
    return LOCALES[this.#visit.language];
  }

  override render(): unknown {
    const texts = this.#texts;
    this.#model = this.#session.model ?? this.#model;
    return html`${this.#open(texts)}${this.#window(texts)}${staffDoor(this.#staff, this.#staffPress, texts)}
      <ld-still-there
        .seconds=${this.#visit.attendance.state === 'warned' ? this.#visit.attendance.secondsLeft : undefined}
        .texts=${texts}
        @stay=${() => this.#visit.attendance.touched()}
      ></ld-still-there>`;
  }

  /** What is there for whoever has touched the screen. */
  #open(texts: Texts): unknown {
    const model = this.#session.model;
    if (model === undefined || this.#session.display.picture === undefined)
      return waiting(texts, this.#session.connection === 'gone');
    const inert = this.#visit.attendance.state === 'away';
    return html`
      ${heading(this.#shop(model), model.store.demonstration ? texts.demonstration : '', inert)}
      <main ?inert=${inert}>${this.#kinds(texts)}${keyed(
        this.#session.shopper,
        html`<ld-design
          ?inert=${this.exploring || this.#picking}
          .session=${this.#session}
          .texts=${texts}
          .drawing=${drawing(location.search)}
          ?covered=${this.exploring}
          @choose=${this.#look}
          @elsewhere=${({ detail }: CustomEvent<GarmentChosen>) => this.#session.elsewhere.look(detail.sku)}
          @explore=${this.#explore}
        ></ld-design>
        ${this.exploring ? this.#map(texts) : nothing}`,
      )}</main>
      <ld-bar ?inert=${inert} .visit=${this.#visit} .texts=${texts}></ld-bar>
      ${garmentSheet(this.#looked, this.#session, model, texts)}
      ${model.chain ? chainSheet(this.#session.elsewhere, model, texts) : nothing}
      ${visitSheets({ visit: this.#visit, texts, model, shop: this.#shop(model), page: this.page })}
      ${this.#session.connection === 'gone' ? away(texts) : nothing}
    `;
  }

  /** The shop window, over everything, while nobody is there. */
  #window(texts: Texts): unknown {
    const model = this.#model;
    if (model === undefined || !(this.#visit.attendance.state === 'away' || this.leaving)) return nothing;
    const shown = {
      visit: this.#visit,
      texts,
      model,
      shop: this.#shop(model),
      walk: this.#walk,
      leaving: this.leaving,
    };
    // The finger that opened it is still down: what comes to light under it was not meant.
    return html`${shopWindow(shown, this.#enter)}${this.leaving ? html`<div class="shield"></div>` : nothing}`;
  }

  #shop({ store }: Model): string {
    return store.demonstration ? PRODUCT : store.name;
  }

  #map(texts: Texts): unknown {
    return html`<ld-explore
      .session=${this.#session}
      .atlas=${this.#atlas}
      .texts=${texts}
      .drawing=${drawing(location.search)}
      .reduced=${frames.reduced}
      @choose=${this.#look}
      @close=${this.#leaveMap}
    ></ld-explore>`;
  }

  readonly #explore = (): void => {
    this.exploring = true;
    const { model, kind, choices } = this.#session;
    // A model that is told the kind has one always: that is no wish to see no other.
    void this.#atlas.open(model?.conditions === null ? kind : undefined, choices.filters);
  };

  readonly #leaveMap = (): void => {
    this.exploring = false;
    this.#atlas.close();
    void this.updateComplete.then(() => this.renderRoot.querySelector<DesignView>('ld-design')?.focusMap());
  };

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

  protected override updated(): void {
    dress(this, this.#visit.aids, this.#texts, this.#session.display.accent);
  }

  readonly #onResize = (): void => this.requestUpdate();

  /** Somebody is there. Away or asked, only what they touch says so. */
  readonly #onSign = (): void => {
    if (this.#visit.attendance.state === 'here') this.#visit.attendance.touched();
  };

  readonly #enter = (): void => {
    if (this.leaving) return;
    this.leaving = true;
    this.#visit.attendance.touched();
    setTimeout(() => {
      this.leaving = false;
    }, LEAVING_MS);
    this.#help.pageAddress().then(
      address => {
        this.page = address;
      },
      error => this.#session.failed(error),
    );
  };

  /** For staff with a keyboard. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey && event.altKey && event.code === 'KeyS') void this.#staff.open();
  };

  readonly #look = ({ detail }: CustomEvent<GarmentChosen>): void => {
    void this.#looked.open(detail.sku);
  };
}

customElements.define('ld-kiosk', KioskView);
