import { html, LitElement, nothing } from 'lit';
import type { ChainMatch } from '../../device/api/chain-schemas.ts';
import type { Match } from '../../device/api/match-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import '../elements/chain-strip.ts';
import '../elements/filter-bar.ts';
import type { RoomOpened } from '../elements/filter-bar.ts';
import { type IconName, icon } from '../elements/icon.ts';
import type { GarmentChosen, Hanging } from '../elements/rail.ts';
import '../elements/rail.ts';
import '../elements/stage.ts';
import type { Knot, StepChosen } from '../elements/thread.ts';
import '../elements/thread.ts';
import { type Filters, ROOMS, type Room } from '../lib/filters.ts';
import { Follow } from '../lib/follow.ts';
import { memo } from '../lib/memo.ts';
import { headlineOf } from '../lib/nearness.ts';
import { type ChainCard, chainCard, pairCard, tagWords } from '../lib/say.ts';
import { filterWords } from '../lib/say-choices.ts';
import type { Drawing } from '../lib/screen.ts';
import type { Texts } from '../locales/texts.ts';
import type { ElsewhereState } from '../state/elsewhere.ts';
import { inSight, type Look, threadOf } from '../state/look.ts';
import type { Session } from '../state/session.ts';
import { base } from '../styles/tokens.ts';
import type { Blending } from './blend-tray.ts';
import './blend-tray.ts';
import './choice-tray.ts';
import { designStyle } from './design-style.ts';
import './hands-view.ts';
import './shelf-tray.ts';

const NO_LOOKS: readonly Look[] = [];

/**
 * The shop window: the garment on its paper, the rail with what the store has, the dials where the hands are.
 * @fires choose A garment of the store was tapped, `detail.sku`. @fires elsewhere One of another store was, `detail.sku`.
 * @fires explore The map is asked for.
 */
export class DesignView extends LitElement {
  static override properties = {
    session: { attribute: false },
    texts: { attribute: false },
    drawing: {},
    covered: { type: Boolean },
    tray: { state: true },
  };
  static override styles = [base, designStyle];

  declare session: Session;
  declare texts: Texts;
  declare drawing: Drawing;
  /** The map lies over the garment, and draws it itself. */
  declare covered: boolean;
  /** What stands in the dials' place: a room of the filter, or what is kept; undefined where the dials do. */
  declare tray: Room | 'kept' | undefined;

  constructor() {
    super();
    this.drawing = 'auto';
    this.covered = false;
    new Follow(this, () => this.session);
  }

  override render(): unknown {
    const { session, texts } = this;
    const { model } = session;
    if (model === undefined) return nothing;
    const { looks, at } = this.#thread(session.history?.steps ?? NO_LOOKS, session.history?.at ?? 0);
    return html`
      <section class="stage">
        <ld-stage .picture=${session.display.picture} .sharpen=${model.picture.sharpen} .label=${this.#stageLabel()} .drawing=${this.drawing} .perSecond=${session.display.picturesPerSecond} ?unseen=${this.covered}></ld-stage>
        <ld-thread
          .knots=${this.#knots(looks, at, texts)}
          .at=${looks[at]?.step ?? 0}
          .sharpen=${model.picture.sharpen}
          .label=${texts.history}
          @choose=${(event: CustomEvent<StepChosen>) => session.revisit(event.detail.step)}
        ></ld-thread>
        <div class="actions">
          ${this.#kept()}
          ${this.#action('surprise', texts.surprise, true, () => void session.surprise())}
          ${this.#action('map', texts.map.open, true, this.#onExplore)}
          ${this.#action('undo', texts.undo, session.history?.canUndo ?? false, () => session.undo())}
          ${this.#action('redo', texts.redo, session.history?.canRedo ?? false, () => session.redo())}
          ${this.#action('reset', texts.reset, true, () => session.reset())}
        </div>
      </section>
      <section class="store" aria-busy=${session.busy || !session.display.settled || session.display.lookingAgain}>
        <div class="said"><p class="verdict" role="status">${this.#verdict()}</p>${this.#wider()}</div>
        <ld-rail
          .garments=${this.#hanging(session.display.matches, model, texts)}
          .label=${texts.rail}
          .empty=${model.store.encoded === 0 ? texts.emptyStore : session.display.settled ? texts.emptyRail : ''}
          @choose=${this.#onChoose}
        ></ld-rail>
        <div class="shelves">${this.#goesWith(model)}${this.#elsewhere(model)}</div>
        <ld-filter-bar
          .rooms=${this.#rooms(session.kind, session.choices.filters, model, texts)}
          .opened=${this.tray}
          .label=${texts.design.filters}
          @open=${({ detail }: CustomEvent<RoomOpened>) => this.#open(detail.name)}
        ></ld-filter-bar>
      </section>
      <section class="hands" aria-label=${texts.dials}>${this.#hands(model)}</section>
    `;
  }

  #hands(model: Model): unknown {
    const { session, texts, tray } = this;
    const { currency } = model.store;
    if (session.blend !== undefined) {
      return html`<ld-blend-tray
        .at=${session.blend.at}
        .mine=${session.history?.present.picture}
        .theirs=${`/api/v1/items/${encodeURIComponent(session.blend.sku)}/image`}
        .sharpen=${model.picture.sharpen}
        .texts=${texts}
        @blend=${({ detail }: CustomEvent<Blending>) => session.blendTo(detail.at)}
        @take=${() => session.endBlend(true)}
        @back=${() => session.endBlend(false)}
      ></ld-blend-tray>`;
    }
    if (tray === undefined) return html`<ld-hands .session=${session} .texts=${texts}></ld-hands>`;
    if (tray === 'kept') {
      return html`<ld-shelf-tray
        .garments=${session.choices.kept}
        .now=${(sku: string) => session.shelf.of(sku)}
        .stock=${session.shelf.version}
        .currency=${currency}
        .texts=${texts}
        @choose=${this.#onChoose}
        @drop=${({ detail }: CustomEvent<GarmentChosen>) => session.kept.remove(detail.sku)}
        @done=${() => this.#open(tray)}
      ></ld-shelf-tray>`;
    }
    return html`<ld-choice-tray
      .room=${tray}
      .facets=${session.choosing.facets}
      .filters=${session.choices.filters}
      .currency=${currency}
      .texts=${texts}
      @filters=${({ detail }: CustomEvent<Filters>) => session.change({ filters: detail })}
      @done=${() => this.#open(tray)}
    ></ld-choice-tray>`;
  }

  /** Opens a room in the dials' place, or puts it away where it is open. */
  #open(name: string): void {
    const { session } = this;
    if (name === 'kind') {
      this.tray = undefined;
      session.pick(true);
      return;
    }
    const room = name === 'kept' ? name : ROOMS.find(known => known === name);
    session.endBlend(false);
    this.tray = room === this.tray ? undefined : room;
    session.watchChoices(this.tray !== undefined && this.tray !== 'kept');
  }

  #kept(): unknown {
    const { design } = this.texts;
    const { length } = this.session.choices.kept;
    return html`<button
      class="action kept"
      aria-expanded=${this.tray === 'kept'}
      aria-label=${design.shelf(length)}
      @click=${() => this.#open('kept')}
    >
      <span class="round" data-count=${length === 0 ? nothing : length}>${icon('ribbon')}</span>
      <span class="label">${design.kept}</span>
    </button>`;
  }

  #goesWith(model: Model): unknown {
    const { matches } = this.session.goesWith;
    if (matches.length === 0) return nothing;
    return html`<ld-chain-strip
      class="pairs"
      .cards=${this.#pairs(matches, model, this.texts)}
      .label=${this.texts.design.goesWith}
      @choose=${this.#onChoose}
    ></ld-chain-strip>`;
  }

  #elsewhere(model: Model): unknown {
    if (!model.chain) return nothing;
    const { elsewhere } = this.session;
    const notes: Readonly<Record<ElsewhereState, string>> = {
      'nothing-yet': '',
      answered: this.texts.chain.nothing,
      'store-alone': this.texts.chain.storeAlone,
    };
    return html`<ld-chain-strip
      class="chain"
      .cards=${this.#cards(elsewhere.matches, model, this.texts)}
      .label=${this.texts.chain.label}
      .note=${notes[elsewhere.state]}
      @choose=${this.#onElsewhere}
    ></ld-chain-strip>`;
  }

  #action(name: IconName & string, words: string, enabled: boolean, run: () => void): unknown {
    return html`<button class="action ${name}" aria-disabled=${!enabled} @click=${() => enabled && run()}>
      <span class="round">${icon(name)}</span><span class="label">${words}</span>
    </button>`;
  }

  #stageLabel(): string {
    const nearest = this.session.display.matches[0]?.title;
    return nearest === undefined ? this.texts.stage : this.texts.stageOf(nearest);
  }

  #verdict(): string {
    const { session, texts } = this;
    if (session.trouble !== undefined) {
      const errors: Readonly<Record<string, string>> = texts.errors;
      return errors[session.trouble] ?? texts.errors.internal;
    }
    if (!session.begun) return texts.invitation;
    const [first] = session.display.matches;
    if (first === undefined) return '';
    const headline = headlineOf(first);
    const isPartial = session.choices.mattering.length > 0 && headline === 'in-stock-like';
    return isPartial ? texts.design.closeInWhatMatters : texts.verdict[headline];
  }

  /** One tap that takes away the filter which keeps the nearest garment out. */
  #wider(): unknown {
    const { session, texts } = this;
    const { wider } = session.widening;
    if (wider === undefined) return nothing;
    return html`<button class="wider" @click=${() => session.widen()}>${texts.design.widen[wider]}</button>`;
  }

  // What does not follow the finger is worked out once and handed on as it is: only what moves is drawn again.
  readonly #thread = memo(threadOf);

  readonly #knots = memo((thread: ReturnType<typeof threadOf>['looks'], at: number, texts: Texts): Knot[] => {
    const { first, looks } = inSight(thread, at);
    return looks.map(({ step, picture }, knot) => ({ step, picture, label: texts.look(first + knot + 1) }));
  });

  readonly #hanging = memo((matches: readonly Match[], { store }: Model, texts: Texts): Hanging[] =>
    matches.map((match, rank) => ({
      sku: match.sku,
      image: match.image,
      share: match.share,
      words: tagWords({ match, rank }, store.currency, texts),
    })),
  );

  readonly #cards = memo((matches: readonly ChainMatch[], { store }: Model, texts: Texts): ChainCard[] =>
    matches.map(match => chainCard(match, store.currency, texts)),
  );

  readonly #pairs = memo((matches: readonly Match[], { store }: Model, texts: Texts): ChainCard[] =>
    matches.map(match => pairCard(match, store.currency, texts)),
  );

  readonly #rooms = memo((kind: string | undefined, filters: Filters, { store }: Model, texts: Texts) =>
    filterWords({ kind, kinds: store.categories.length, filters }, store.currency, texts),
  );

  /** Whoever comes back from the map by keys stands where they left. */
  focusMap(): void {
    this.renderRoot.querySelector<HTMLElement>('.action.map')?.focus({ preventScroll: true });
  }

  readonly #onExplore = (): void => {
    this.dispatchEvent(new CustomEvent('explore'));
  };

  readonly #onElsewhere = (event: CustomEvent<GarmentChosen>): void => {
    this.dispatchEvent(new CustomEvent<GarmentChosen>('elsewhere', { detail: event.detail }));
  };

  readonly #onChoose = (event: CustomEvent<GarmentChosen>): void => {
    this.dispatchEvent(new CustomEvent<GarmentChosen>('choose', { detail: event.detail }));
  };
}

customElements.define('ld-design', DesignView);
