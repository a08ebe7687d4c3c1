import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Match } from '../../device/api/match-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import { type IconName, icon } from '../elements/icon.ts';
import type { Kind, KindChosen } from '../elements/kinds.ts';
import '../elements/kinds.ts';
import type { MapSheet, SpotTouched } from '../elements/map-sheet.ts';
import '../elements/map-sheet.ts';
import type { GarmentChosen } from '../elements/rail.ts';
import '../elements/stage.ts';
import { cssColour } from '../lib/accent.ts';
import { type Filters, NO_FILTERS } from '../lib/filters.ts';
import { Follow } from '../lib/follow.ts';
import type { Sheet } from '../lib/map-answer.ts';
import { towards } from '../lib/map-camera.ts';
import { placeName } from '../lib/map-names.ts';
import { memo } from '../lib/memo.ts';
import { tagWords } from '../lib/say.ts';
import { filterWords } from '../lib/say-choices.ts';
import type { Drawing } from '../lib/screen.ts';
import { inWords } from '../lib/words.ts';
import type { Texts } from '../locales/texts.ts';
import type { Atlas } from '../state/atlas.ts';
import type { Session } from '../state/session.ts';
import { base } from '../styles/tokens.ts';
import { exploreStyle } from './explore-style.ts';

/**
 * The map of the store over the shop window: touching a place dials it.
 * @fires close Back to the dials. @fires choose A garment is to be looked at, `detail.sku`.
 */
export class ExploreView extends LitElement {
  static override properties = {
    session: { attribute: false },
    atlas: { attribute: false },
    texts: { attribute: false },
    drawing: {},
    reduced: { type: Boolean },
    stand: { state: true },
    going: { state: true },
  };
  static override styles = [base, exploreStyle];

  declare session: Session;
  declare atlas: Atlas;
  declare texts: Texts;
  declare drawing: Drawing;
  declare reduced: boolean;
  /** The place that a keyboard stands on; -1 for none. */
  declare stand: number;
  /** The garment that was touched, until what is dialled is shown. */
  declare going: { readonly sku: string; readonly from: readonly number[] } | undefined;

  constructor() {
    super();
    this.drawing = 'auto';
    this.reduced = false;
    this.stand = -1;
    new Follow(this, () => this.session);
    new Follow(this, () => this.atlas);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.#onKey);
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.close')?.focus({ preventScroll: true });
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { display, dials } = this.session;
    if (this.going !== undefined && display.settled && dials !== this.going.from) this.going = undefined;
  }

  protected override updated(): void {
    const sheet = this.#sheet;
    const tools = this.renderRoot.querySelector('.zoom')?.getBoundingClientRect();
    if (sheet === null || tools === undefined) return;
    const { left, top } = sheet.getBoundingClientRect();
    sheet.covered = this.#covered(tools.left - left, tools.top - top, tools.right - left, tools.bottom - top);
  }

  readonly #covered = memo((left: number, top: number, right: number, bottom: number) => ({
    left,
    top,
    right,
    bottom,
  }));

  override render(): unknown {
    const { session, texts } = this;
    const { model } = session;
    if (model === undefined) return nothing;
    const [nearest] = session.display.matches;
    return html`
      <section class="map" aria-labelledby="title">
        <div class="head">
          <h2 id="title">${texts.map.title}</h2>
          <p>${texts.map.hint}</p>
        </div>
        <div class="frame">
          ${this.#map(nearest)}
          <div class="zoom">
            ${this.#tool('plus', texts.map.closer, () => this.#sheet?.zoom(1))}
            ${this.#tool('minus', texts.map.farther, () => this.#sheet?.zoom(-1))}
            ${this.#tool('reset', texts.map.whole, () => this.#sheet?.showAll())}
          </div>
        </div>
        ${this.#narrowed(model, texts)}
      </section>
      <ld-kinds
        .kinds=${this.#kinds(model, texts)}
        .chosen=${this.atlas.kind}
        .label=${texts.kinds}
        @choose=${(event: CustomEvent<KindChosen>) => void this.#show(event.detail.kind)}
      ></ld-kinds>
      <section class="here" aria-label=${texts.map.here}>
        <div class="dialled">
          <ld-stage
            .picture=${session.display.picture}
            .sharpen=${model.picture.sharpen}
            .label=${texts.stage}
            .drawing=${this.drawing}
            .perSecond=${session.display.picturesPerSecond}
          ></ld-stage>
        </div>
        <div class="words" role="status">${nearest === undefined ? nothing : this.#nearest(nearest, model)}</div>
        <div class="ways">
          <button class="strong close" @click=${this.#close}>${texts.map.close}</button>
          <button class="quiet" ?hidden=${nearest === undefined} @click=${() => this.#look(nearest)}>${texts.map.look}</button>
        </div>
      </section>
    `;
  }

  #map(nearest: Match | undefined): unknown {
    const { atlas, texts } = this;
    const { sheet } = atlas;
    const { accent } = this.session.display;
    const names = sheet === undefined ? [] : this.#names(sheet, texts);
    const empty = sheet !== undefined && !sheet.passes.includes(1);
    return html`
      <ld-map-sheet
        .sheet=${sheet}
        .names=${names}
        .here=${this.going?.sku ?? nearest?.sku}
        .stand=${this.stand}
        .label=${texts.map.title}
        .accent=${accent === undefined ? '#7a3b2c' : cssColour(accent)}
        .reduced=${this.reduced}
        @touched=${(event: CustomEvent<SpotTouched>) => this.#dial(event.detail.sku)}
      ></ld-map-sheet>
      ${sheet === undefined || empty ? html`<p class="note" role="status">${this.#note(empty)}</p>` : this.#places(sheet, names)}
    `;
  }

  #note(empty: boolean): string {
    if (empty) return this.texts.map.empty;
    return this.atlas.drawing ? this.texts.map.drawing : '';
  }

  /** What the shopper wants, where that is less than everything: what is not of it is pale. */
  #narrowed({ store }: Model, texts: Texts): unknown {
    const wanted = this.#wanted(this.session.choices.filters, store.currency, texts);
    if (wanted === '') return nothing;
    return html`<div class="narrowed">
      <p role="status"><small>${texts.design.filters}</small> <b>${wanted}</b></p>
      <button class="quiet" @click=${this.#widen}>${texts.map.everything}</button>
    </div>`;
  }

  /** The places for those who hear them or have a keyboard; what is seen of them is drawn. */
  #places(sheet: Sheet, names: readonly string[]): unknown {
    const { texts } = this;
    const here = [...sheet.places.keys()].filter(place => (sheet.places[place]?.garments ?? 0) > 0);
    const first = here.includes(this.stand) ? this.stand : here[0];
    return html`<ul class="unseen" aria-label=${texts.map.places}>
      ${here.map(place => {
        const { garments, sku } = sheet.places[place]!;
        const name = names[place] || texts.map.unnamed(sku ?? '');
        return html`<li><button
          tabindex=${place === first ? 0 : -1}
          data-place=${place}
          @focus=${() => this.#standOn(place)}
          @blur=${() => this.#standOn(-1)}
          @click=${() => sku !== null && this.#dial(sku)}
        >${texts.map.place(name, garments)}</button></li>`;
      })}
    </ul>`;
  }

  #nearest(match: Match, { store }: Model): unknown {
    const { title, price, nearness, sizes } = tagWords({ match, rank: 0 }, store.currency, this.texts);
    const errors: Readonly<Record<string, string>> = this.texts.errors;
    const { trouble } = this.session;
    return html`
      <b>${title}</b>
      <span>${trouble === undefined ? [nearness, price, sizes].filter(part => part !== '').join(' · ') : (errors[trouble] ?? errors.internal)}</span>
    `;
  }

  #tool(name: IconName, words: string, run: () => void): unknown {
    return html`<button class="tool" aria-label=${words} @click=${run}>${icon(name)}</button>`;
  }

  readonly #names = memo(({ places }: Sheet, texts: Texts) => places.map(place => placeName(place, texts)));

  readonly #kinds = memo(({ store }: Model, texts: Texts): Kind[] => [
    { name: undefined, words: texts.everything },
    ...store.categories.map(({ name }) => ({ name, words: inWords(name, texts.words) })),
  ]);

  readonly #wanted = memo((filters: Filters, currency: string | null, texts: Texts): string =>
    filterWords({ kind: undefined, kinds: 0, filters }, currency, texts)
      .filter(({ chosen }) => chosen)
      .map(({ words }) => words)
      .join(' · '),
  );

  get #sheet(): MapSheet | null {
    return this.renderRoot.querySelector('ld-map-sheet');
  }

  /** The same as to start from a garment: undo leads back. */
  #dial(sku: string): void {
    this.going = { sku, from: this.session.dials };
    void this.session.startFrom(sku);
  }

  /** A model that is told the kind is told the touched garment's: there the kinds are a way to look at the map, no more. */
  async #show(kind: string | undefined): Promise<void> {
    await Promise.all([
      this.atlas.show(kind, this.session.choices.filters),
      this.session.model?.conditions === null ? this.session.choose(kind) : undefined,
    ]);
  }

  /** Every size, colour and price again, as a step that undo takes back. */
  readonly #widen = (): void => {
    this.session.change({ filters: NO_FILTERS });
    void this.atlas.show(this.atlas.kind, NO_FILTERS);
    this.renderRoot.querySelector<HTMLElement>('.close')?.focus({ preventScroll: true });
  };

  #standOn(place: number): void {
    this.stand = place;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#close();
    if (event.key === '+' || event.key === '-') this.#sheet?.zoom(event.key === '+' ? 1 : -1);
    const { sheet } = this.atlas;
    if (this.stand < 0 || sheet === undefined || !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    const reached = sheet.places.map(({ garments, x, y }) =>
      garments > 0 ? { x, y } : { x: Number.NaN, y: Number.NaN },
    );
    const next = towards(reached, this.stand, event.key);
    this.renderRoot.querySelector<HTMLElement>(`[data-place="${next}"]`)?.focus({ preventScroll: true });
  };

  #look(match: Match | undefined): void {
    if (match === undefined) return;
    this.dispatchEvent(new CustomEvent<GarmentChosen>('choose', { detail: { sku: match.sku } }));
  }

  readonly #close = (): void => {
    this.dispatchEvent(new CustomEvent('close'));
  };
}

customElements.define('ld-explore', ExploreView);
