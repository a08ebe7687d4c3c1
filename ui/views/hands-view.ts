import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Dial as DialModel, Model } from '../../device/api/model-schemas.ts';
import type { DialAsk, DialChange } from '../elements/dial.ts';
import '../elements/dial.ts';
import { icon } from '../elements/icon.ts';
import { toggled } from '../lib/filters.ts';
import { Follow } from '../lib/follow.ts';
import { memo } from '../lib/memo.ts';
import { dialWords, inWindowOrder, namesOf } from '../lib/say.ts';
import type { Texts } from '../locales/texts.ts';
import type { Session } from '../state/session.ts';
import { base } from '../styles/tokens.ts';

/** Dials shown at once. */
const DIALS = 6;

/** The dials, where the hands are; and under them what is asked of the dials: which matter, and which stay. */
export class HandsView extends LitElement {
  static override properties = {
    session: { attribute: false },
    texts: { attribute: false },
    page: { state: true },
    asks: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }

      .dials {
        display: grid;
        grid-template-columns: 1fr 1fr;
        /* Always three rows: nothing above may move when a page has fewer dials. */
        grid-template-rows: repeat(3, calc(var(--target) + 2.125rem));
        gap: 0.875rem 2.25rem;
      }

      .below {
        display: grid;
        grid-template-columns: 1fr auto 1fr;
        align-items: center;
        gap: 0.5rem;
        height: var(--target);
      }

      .below button {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        min-width: var(--target);
        height: var(--target);
        padding-inline: 0.75rem;
        font: 500 var(--text) / 1.1 var(--sans);
        text-wrap: balance;
      }

      .below .icon {
        flex: none;
        width: 1.75rem;
        height: 1.75rem;
        color: var(--accent);
      }

      .below .stays {
        justify-self: end;
      }

      .below .done {
        justify-self: end;
        border-radius: var(--radius);
        background: var(--accent);
        padding-inline: 2rem;
        color: var(--paper);
      }

      .hint {
        grid-column: 1 / 3;
        font: italic 440 var(--text-large) / 1.15 var(--serif);
        font-variation-settings: var(--plain-italic);
      }

      .dots {
        display: flex;
        gap: 0.375rem;
      }

      .dots i {
        width: 0.625rem;
        height: 0.625rem;
        border-radius: 50%;
        box-shadow: inset 0 0 0 1.5px var(--ink-soft);
      }

      .dots i.here {
        background: var(--accent);
        box-shadow: none;
      }
    `,
  ];

  declare session: Session;
  declare texts: Texts;
  /** Which set of dials is in sight. */
  declare page: number;
  /** What is asked of the dials; undefined while they are turned. */
  declare asks: DialAsk | undefined;

  constructor() {
    super();
    this.page = 0;
    new Follow(this, () => this.session);
  }

  override render(): unknown {
    const { model } = this.session;
    if (model === undefined) return nothing;
    return html`<div class="dials">${this.#dials(model)}</div>${this.asks === undefined ? this.#below(model) : this.#asking(this.asks)}`;
  }

  /** The dials that do something on this kind. */
  readonly #useful = memo(({ dials }: Model, kind: string | undefined): DialModel[] =>
    inWindowOrder(dials.filter(({ kinds }) => kinds === null || kind === undefined || kinds.includes(kind))),
  );

  #shown(model: Model): readonly DialModel[] {
    const useful = this.#useful(model, this.session.kind);
    const page = Math.min(this.page, Math.max(0, Math.ceil(useful.length / DIALS) - 1));
    return useful.slice(page * DIALS, (page + 1) * DIALS);
  }

  #dials(model: Model): unknown {
    const { session, texts } = this;
    const { locked: lockedDials, mattering } = session.choices;
    return repeat(
      this.#shown(model),
      // The dial of another model is another dial: a finger that lies on it must not turn the new one.
      ({ index }) => `${model.bundle.id}@${model.bundle.version} ${index}`,
      (dial, at) => {
        const value = session.dials[dial.index] ?? 0;
        const { range } = model;
        const ends = session.display.ends.of(dial.index);
        const matters = mattering.includes(dial.index);
        const locked = lockedDials.includes(dial.index);
        const { low, high } = namesOf(dial, texts);
        return html`<ld-dial
          data-dial=${dial.index}
          .words=${dialWords(dial, this.page * DIALS + at + 1, { value, range, matters, locked }, texts)}
          .ends=${low !== null && high !== null}
          .value=${value}
          .range=${range}
          .density=${dial.density}
          .low=${ends?.low}
          .high=${ends?.high}
          .fresh=${ends?.fresh ?? false}
          .sharpen=${model.picture.sharpen}
          .matters=${matters}
          .locked=${locked}
          .asks=${this.asks}
          @toggle=${() => this.#toggle(dial.index)}
          @input=${(event: CustomEvent<DialChange>) => session.turn(dial.index, event.detail.value)}
          @change=${({ detail }: CustomEvent<DialChange>) => this.#commit(detail)}
        ></ld-dial>`;
      },
    );
  }

  /** The hand rests as soon as no finger turns a dial any more; after a tap or a key, another may follow at once. */
  #commit({ lifted }: DialChange): void {
    this.session.commit();
    if (lifted === true && this.renderRoot.querySelector('ld-dial[held]') === null) this.session.display.lifted();
  }

  #toggle(dial: number): void {
    const { session } = this;
    const { locked, mattering } = session.choices;
    session.change(this.asks === 'lock' ? { locked: toggled(locked, dial) } : { mattering: toggled(mattering, dial) });
  }

  #below(model: Model): unknown {
    const { design } = this.texts;
    return html`<div class="below">
      <button class="matters" @click=${() => this.#ask('matter')}>${icon('heart')}${design.whatMatters}</button>
      ${this.#pager(model)}
      <button class="stays" @click=${() => this.#ask('lock')}>${icon('lock')}${design.whatStays}</button>
    </div>`;
  }

  #asking(asks: DialAsk): unknown {
    const { design } = this.texts;
    return html`<div class="below">
      <p class="hint" role="status">${asks === 'matter' ? design.tapWhatMatters : design.tapWhatStays}</p>
      <button class="done" @click=${() => this.#ask(undefined)}>${design.done}</button>
    </div>`;
  }

  #ask(asks: DialAsk | undefined): void {
    this.asks = asks;
  }

  #pager(model: Model): unknown {
    const pages = Math.ceil(this.#useful(model, this.session.kind).length / DIALS);
    if (pages < 2) return html`<span></span>`;
    // Another kind may have fewer dials than the page that was in sight.
    const at = Math.min(this.page, pages - 1);
    const next = (at + 1) % pages;
    return html`<button class="pager" @click=${() => this.#turnTo(next)}>
      ${next === 0 ? this.texts.firstDials : this.texts.moreDials}
      <span class="dots" aria-hidden="true">
        ${Array.from({ length: pages }, (_, page) => html`<i class=${page === at ? 'here' : ''}></i>`)}
      </span>
    </button>`;
  }

  #turnTo(page: number): void {
    this.page = page;
  }

  protected override updated(): void {
    const { model } = this.session;
    if (model === undefined) return;
    const shown = this.#shown(model).map(({ index }) => index);
    if (this.session.display.dialsInSight.join() !== shown.join()) this.session.display.showDials(shown);
  }
}

customElements.define('ld-hands', HandsView);
