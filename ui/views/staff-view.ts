import { html, LitElement, nothing } from 'lit';
import type { PairedScope } from '../../device/api/access.ts';
import type { Key } from '../../device/api/access-schemas.ts';
import type { UnencodedItem } from '../../device/api/unencoded-schemas.ts';
import { icon } from '../elements/icon.ts';
import type { PinPad, PinTyped } from '../elements/pin-pad.ts';
import '../elements/pin-pad.ts';
import { Follow } from '../lib/follow.ts';
import { LANGUAGES, type Language, LOCALES } from '../locales/index.ts';
import type { Texts } from '../locales/texts.ts';
import type { Staff } from '../state/staff.ts';
import { base } from '../styles/tokens.ts';
import './garments-view.ts';
import type { GarmentsView } from './garments-view.ts';
import './glance-view.ts';
import type { NamingView } from './naming-view.ts';
import './naming-view.ts';
import { certificateOf, dayOf, troubleOf } from './staff-said.ts';
import { staffStyle } from './staff-style.ts';
import './staff-calls-view.ts';
import './unfound-view.ts';
import './updates-view.ts';

const SCOPES: readonly PairedScope[] = ['inventory', 'admin'];

/**
 * The staff's page: the PIN, then pairing, the devices that have keys, the box's certificate, and the garments. On a phone or a
 * tablet: the code, then the garments.
 */
export class StaffView extends LitElement {
  static override properties = {
    staff: { attribute: false },
    texts: { attribute: false },
    doubtful: { state: true },
  };
  static override styles = [base, staffStyle];

  declare staff: Staff;
  declare texts: Texts;
  /** The key that is about to be taken back, until that is said twice. */
  declare doubtful: string | undefined;
  /** The page of the page that was drawn last. */
  #last: string | undefined;

  constructor() {
    super();
    new Follow(this, () => this.staff);
  }

  override render(): unknown {
    const { phase } = this.staff;
    return html`<dialog
      aria-labelledby="title"
      class=${this.staff.elsewhere ? 'handheld' : ''}
      @close=${() => this.staff.leave()}
      @pointerdown=${() => this.staff.touched()}
      @keydown=${this.#onKey}
    >${phase === 'away' ? nothing : phase === 'inside' ? this.#page() : this.#asking(phase)}</dialog>`;
  }

  protected override updated(): void {
    const dialog = this.renderRoot.querySelector('dialog')!;
    const away = this.staff.phase === 'away';
    if (!away && !dialog.open) dialog.showModal();
    if (away && dialog.open) dialog.close();
    if (this.staff.phase !== 'inside') this.doubtful = undefined;
    const room = this.staff.phase === 'inside' ? this.#room : undefined;
    // Whoever goes by keys, or hears the page, begins at its head.
    if (room !== this.#last && room !== undefined && this.#last !== undefined) {
      this.renderRoot.querySelector<HTMLElement>('#title')?.focus({ preventScroll: true });
      dialog.scrollTop = 0;
    }
    this.#last = room;
    // A phone is no shop window: its letters are as large as it says.
    document.documentElement.classList.toggle('handheld', !away && this.staff.elsewhere);
  }

  #closeButton(): unknown {
    return html`<button class="close" aria-label=${this.texts.staff.leave} @click=${() => this.staff.leave()}>${icon('close')}</button>`;
  }

  #asking(phase: 'choose' | 'repeat' | 'enter' | 'code'): unknown {
    const { staff, texts } = this;
    const words = texts.staff;
    const title = { choose: words.choosePin, repeat: words.repeatPin, enter: words.enterPin, code: words.enterCode }[
      phase
    ];
    return html`<div class="asking">
      ${this.#closeButton()}
      <h2 id="title" tabindex="-1" autofocus>${title}</h2>
      ${this.#pad(phase)}
      <p class="trouble" role="alert">${staff.lockedSeconds > 0 ? words.locked(staff.lockedSeconds) : troubleOf(this.staff, this.texts)}</p>
    </div>`;
  }

  #pad(phase: 'choose' | 'repeat' | 'enter' | 'code'): unknown {
    const { staff, texts } = this;
    const { erase, done, digits, pinHint, pinLaw, codeHint, handheld } = texts.staff;
    const hint = { choose: pinLaw, repeat: pinLaw, enter: pinHint, code: codeHint }[phase];
    return html`
      <p class="hint">${hint}</p>
      <ld-pin-pad
        .words=${{ erase, done, digits }}
        .least=${phase === 'code' ? 8 : 6}
        ?disabled=${staff.busy || staff.lockedSeconds > 0}
        @pin=${(event: CustomEvent<PinTyped>) => void staff.typed(event.detail.pin, handheld)}
      ></ld-pin-pad>`;
  }

  /** Which page of the page is open. */
  get #room(): 'garments' | 'unfound' | 'naming' | 'inside' {
    const { garments, unfound, naming } = this.staff;
    // On a phone the garments are always there, under the list of those that no dial finds.
    if (unfound.shown && (garments.step === 'away' || garments.step === 'find')) return 'unfound';
    if (garments.step !== 'away') return 'garments';
    return naming.step === 'away' ? 'inside' : 'naming';
  }

  #page(): unknown {
    const room = this.#room;
    if (room === 'garments') return this.#garments();
    if (room === 'unfound') return this.#unfound();
    return room === 'naming' ? this.#naming() : this.#inside();
  }

  #within(name: string, title: string, content: unknown, back: () => void): unknown {
    return html`<div class="inside ${name}">
      ${this.#closeButton()}
      <h2 id="title" tabindex="-1" autofocus>${title}</h2>
      ${this.#calls()}
      ${content}
      <button class="quiet back" @click=${back}>${this.texts.staff.back}</button>
    </div>`;
  }

  #unfound(): unknown {
    const { staff, texts } = this;
    const { unfound, garments } = staff;
    const view = html`<ld-unfound
      .unfound=${unfound}
      .texts=${texts}
      @photograph=${(event: CustomEvent<UnencodedItem>) => garments.show(event.detail)}
    ></ld-unfound>`;
    const { glance, unfound: words } = texts.staff;
    return this.#within('unfound', unfound.count === 0 ? glance.title : words.title, view, () =>
      unfound.chosen === undefined ? unfound.close() : unfound.letBe(),
    );
  }

  #naming(): unknown {
    const { staff, texts } = this;
    const { naming } = staff;
    const view = html`<ld-naming .naming=${naming} .texts=${texts}></ld-naming>`;
    return this.#within('naming', texts.staff.naming.title, view, () =>
      naming.step === 'dial' ? void naming.open(naming.language) : naming.close(),
    );
  }

  #garments(): unknown {
    const { staff, texts } = this;
    const { garments, unfound } = staff;
    const words = texts.staff;
    const unfoundHere = staff.elsewhere && garments.step === 'find' && (unfound.count ?? 0) > 0;
    return html`<div class="inside garments">
      ${this.#closeButton()}
      <h2 id="title" tabindex="-1" autofocus>${words.garments.title}</h2>
      ${this.#calls()}
      ${unfoundHere ? html`<button class="quiet unfound" @click=${() => unfound.show()}>${words.glance.unfound(unfound.count ?? 0)}</button>` : nothing}
      <ld-garments .garments=${garments} .texts=${texts} ?photographs=${staff.elsewhere}></ld-garments>
      ${staff.elsewhere ? nothing : html`<button class="quiet back" @click=${() => garments.close()}>${words.back}</button>`}
    </div>`;
  }

  #inside(): unknown {
    const words = this.texts.staff;
    return html`<div class="inside">
      ${this.#closeButton()}
      <h2 id="title" tabindex="-1" autofocus>${words.title}</h2>
      <p class="trouble" role="alert">${troubleOf(this.staff, this.texts)}</p>
      ${this.#calls()}
      <ld-glance .unfound=${this.staff.unfound} .texts=${this.texts}></ld-glance>
      <div class="doors">
        <button class="strong" @click=${() => void this.staff.garments.open()}>${words.openGarments}</button>
        <button class="strong naming" @click=${() => void this.staff.naming.open(this.#language)}>${words.openNaming}</button>
      </div>
      <section class="pairing">
        <h3>${words.pair}</h3>
        ${this.#pairing()}
      </section>
      <section class="devices">
        <h3>${words.devices}</h3>
        ${this.#keys()}
      </section>
      ${this.#updates()}
      ${certificateOf(this.staff, this.texts)}
    </div>`;
  }

  get #language(): Language {
    return LANGUAGES.find(language => LOCALES[language] === this.texts) ?? 'en';
  }

  #calls(): unknown {
    const { calls } = this.staff;
    return html`<ld-staff-calls class=${calls.open.length === 0 ? 'none' : ''} .calls=${calls} .open=${calls.open} .texts=${this.texts}></ld-staff-calls>`;
  }

  #pairing(): unknown {
    const { pairing } = this.staff;
    const words = this.texts.staff;
    if (pairing.state === 'open') {
      const { code = '', scope = 'inventory', secondsLeft = 0, triesLeft = 0 } = pairing;
      return html`
        <p>${words.typeCode(words.scope[scope])}</p>
        <p class="code" aria-label=${code.split('').join(' ')}>${code.slice(0, 4)}<span></span>${code.slice(4)}</p>
        <p class="left" role="timer">${words.secondsLeft(secondsLeft)}${triesLeft < 5 ? ` · ${words.triesLeft(triesLeft)}` : ''}</p>
        <button class="quiet" @click=${() => void this.staff.stopPairing()}>${words.stop}</button>`;
    }
    const ended = {
      none: words.pairHint,
      expired: words.expired,
      spent: words.spent,
      paired: words.paired(pairing.key?.name ?? ''),
    };
    return html`
      <p role="status">${ended[pairing.state]}</p>
      <div class="scopes">
        ${SCOPES.map(
          scope => html`<button ?disabled=${this.staff.busy} @click=${() => void this.staff.startPairing(scope)}>
            <b>${words.scope[scope]}</b><small>${words.scopeHint[scope]}</small>
          </button>`,
        )}
      </div>`;
  }

  #keys(): unknown {
    const { keys } = this.staff;
    if (keys.length === 0) return html`<p>${this.texts.staff.noDevices}</p>`;
    return html`<ul>${keys.map(key => html`<li>${this.doubtful === key.id ? this.#doubt(key) : this.#key(key)}</li>`)}</ul>`;
  }

  #key({ id, name, scope, created, lastUsed }: Key): unknown {
    const words = this.texts.staff;
    const used = lastUsed === null ? words.neverUsed : words.lastUsed(this.#day(lastUsed));
    return html`
      <div class="device"><b>${name}</b><small>${words.scope[scope]} · ${words.since(this.#day(created))} · ${used}</small></div>
      <button class="quiet" aria-label=${words.takeBackOf(name)} @click=${() => {
        this.doubtful = id;
      }}>${words.takeBack}</button>`;
  }

  #doubt({ id, name }: Key): unknown {
    const words = this.texts.staff;
    return html`
      <p class="device" role="alert">${words.takeBackSure(name)}</p>
      <button class="sure" @click=${() => this.#takeBack(id)}>${words.takeBack}</button>
      <button class="quiet" @click=${() => {
        this.doubtful = undefined;
      }}>${words.keep}</button>`;
  }

  #takeBack(id: string): void {
    this.doubtful = undefined;
    void this.staff.revoke(id);
  }

  #updates(): unknown {
    const { updates } = this.staff;
    if (updates.shown === undefined) return nothing;
    return html`<ld-updates .updates=${updates} .shown=${updates.shown} .texts=${this.texts}></ld-updates>`;
  }

  #day(time: string): string {
    return dayOf(time, this.texts);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    this.staff.touched();
    const onButton = event.composedPath()[0] instanceof HTMLButtonElement;
    if (event.key === 'Enter' && onButton) return;
    this.renderRoot.querySelector<PinPad>('ld-pin-pad')?.press(event.key);
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    this.renderRoot.querySelector<GarmentsView>('ld-garments')?.press(event.key);
    this.renderRoot.querySelector<NamingView>('ld-naming')?.press(event.key);
  };
}

customElements.define('ld-staff', StaffView);
