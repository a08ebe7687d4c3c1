import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ChainMatch } from '../../device/api/chain-schemas.ts';
import type { Match, Typicality } from '../../device/api/match-schemas.ts';
import type { Dial as DialModel, Model } from '../../device/api/model-schemas.ts';
import '../elements/chain-strip.ts';
import type { DialChange } from '../elements/dial.ts';
import '../elements/dial.ts';
import { type IconName, icon } from '../elements/icon.ts';
import type { Kind, KindChosen } from '../elements/kinds.ts';
import '../elements/kinds.ts';
import type { GarmentChosen, Hanging } from '../elements/rail.ts';
import '../elements/rail.ts';
import '../elements/stage.ts';
import type { Knot, StepChosen } from '../elements/thread.ts';
import '../elements/thread.ts';
import { Follow } from '../lib/follow.ts';
import { memo } from '../lib/memo.ts';
import { headlineOf } from '../lib/nearness.ts';
import { type ChainCard, chainCard, dialWords, hangerImage, tagWords } from '../lib/say.ts';
import type { Drawing } from '../lib/screen.ts';
import { inWords } from '../lib/words.ts';
import type { Texts } from '../locales/texts.ts';
import type { ElsewhereState } from '../state/elsewhere.ts';
import type { Look, Session } from '../state/session.ts';
import { base } from '../styles/tokens.ts';
import { designStyle } from './design-style.ts';

/** Dials shown at once. */
const DIALS = 6;
/** Looks shown on the thread. */
const LOOKS = 6;
const NO_LOOKS: readonly Look[] = [];

type Verdict = Typicality['verdict'];

/**
 * The shop window: the garment on its paper, the rail with what the store has, the dials where the hands are.
 * @fires choose A garment of the rail was tapped, `detail.sku`. @fires elsewhere One of another store was, `detail.sku`.
 */
export class DesignView extends LitElement {
  static override properties = {
    session: { attribute: false },
    texts: { attribute: false },
    drawing: {},
    page: { state: true },
  };
  static override styles = [base, designStyle];

  declare session: Session;
  declare texts: Texts;
  declare drawing: Drawing;
  /** Which set of dials is in sight. */
  declare page: number;

  constructor() {
    super();
    this.drawing = 'auto';
    this.page = 0;
    new Follow(this, () => this.session);
  }

  override render(): unknown {
    const { session, texts } = this;
    const { model } = session;
    if (model === undefined) return nothing;
    const { matches, typicality } = session.display;
    return html`
      <section class="stage">
        <ld-stage .picture=${session.display.picture} .sharpen=${model.picture.sharpen} .label=${this.#stageLabel()} .drawing=${this.drawing}></ld-stage>
        <ld-thread
          .knots=${this.#knots(session.history?.steps ?? NO_LOOKS, session.history?.at ?? 0, texts)}
          .at=${session.history?.at ?? 0}
          .sharpen=${model.picture.sharpen}
          .label=${texts.history}
          @choose=${(event: CustomEvent<StepChosen>) => session.revisit(event.detail.step)}
        ></ld-thread>
        <div class="actions">
          ${this.#action('surprise', texts.surprise, true, () => void session.surprise())}
          ${this.#action('undo', texts.undo, session.history?.canUndo ?? false, () => session.undo())}
          ${this.#action('redo', texts.redo, session.history?.canRedo ?? false, () => session.redo())}
          ${this.#action('reset', texts.reset, true, () => session.reset())}
        </div>
      </section>
      <section class="store">
        <p class="verdict" role="status">${this.#verdict()}</p>
        <ld-rail
          .garments=${this.#hanging(matches, typicality?.verdict ?? 'nearest-we-have', model, texts)}
          .label=${texts.rail}
          .empty=${model.store.encoded === 0 ? texts.emptyStore : session.display.settled ? texts.emptyRail : ''}
          @choose=${this.#onChoose}
        ></ld-rail>
        ${this.#elsewhere(model)}
        <ld-kinds
          .kinds=${this.#kinds(model, texts)}
          .chosen=${session.kind}
          .label=${texts.kinds}
          @choose=${(event: CustomEvent<KindChosen>) => void session.choose(event.detail.kind)}
        ></ld-kinds>
      </section>
      <section class="hands" aria-label=${texts.dials}>
        <div class="dials">${this.#dials(model)}</div>
        ${this.#pager(model)}
      </section>
    `;
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
    if (session.display.typicality === undefined || session.model === undefined || first === undefined) return '';
    const { verdict } = session.display.typicality;
    return texts.verdict[headlineOf(first, session.model.latentDim, verdict)];
  }

  // What does not follow the finger is worked out once and handed on as it is: only what moves is drawn again.
  readonly #knots = memo((steps: readonly Look[], at: number, texts: Texts): Knot[] => {
    const first = Math.max(0, Math.min(at - 1, steps.length - LOOKS));
    return steps
      .slice(first, first + LOOKS)
      .map(({ picture }, knot) => ({ step: first + knot, picture, label: texts.look(first + knot + 1) }));
  });

  readonly #hanging = memo(
    (matches: readonly Match[], verdict: Verdict, { latentDim, store }: Model, texts: Texts): Hanging[] =>
      matches.map((match, rank) => ({
        sku: match.sku,
        image: hangerImage(match.image),
        share: match.share,
        words: tagWords({ match, rank, dimensions: latentDim, verdict }, store.currency, texts),
      })),
  );

  readonly #cards = memo((matches: readonly ChainMatch[], { store }: Model, texts: Texts): ChainCard[] =>
    matches.map(match => chainCard(match, store.currency, texts)),
  );

  readonly #kinds = memo(({ store, conditions }: Model, texts: Texts): Kind[] => [
    // A model that is told the kind draws none without one.
    ...(conditions === null ? [{ name: undefined, words: texts.everything }] : []),
    ...store.categories.map(({ name }) => ({ name, words: inWords(name, texts.words) })),
  ]);

  /** The dials that do something on this kind. One with a name says what it does: those come first, each sort in the model's own order. */
  readonly #useful = memo(({ dials }: Model, kind: string | undefined): DialModel[] =>
    dials
      .filter(({ kinds }) => kinds === null || kind === undefined || kinds.includes(kind))
      .toSorted((a, b) => Number(a.name === null) - Number(b.name === null)),
  );

  #shown(model: Model): readonly DialModel[] {
    const useful = this.#useful(model, this.session.kind);
    const page = Math.min(this.page, Math.max(0, Math.ceil(useful.length / DIALS) - 1));
    return useful.slice(page * DIALS, (page + 1) * DIALS);
  }

  #dials(model: Model): unknown {
    const { session, texts } = this;
    return repeat(
      this.#shown(model),
      ({ index }) => index,
      (dial, at) => {
        const value = session.dials[dial.index] ?? 0;
        const ends = session.display.ends.of(dial.index);
        return html`<ld-dial
          data-dial=${dial.index}
          .words=${dialWords(dial, this.page * DIALS + at + 1, value, model.range, texts)}
          .ends=${dial.low !== null && dial.high !== null}
          .value=${value}
          .range=${model.range}
          .density=${dial.density}
          .low=${ends?.low}
          .high=${ends?.high}
          .fresh=${ends?.fresh ?? false}
          .sharpen=${model.picture.sharpen}
          @input=${(event: CustomEvent<DialChange>) => session.turn(dial.index, event.detail.value)}
          @change=${() => session.commit()}
        ></ld-dial>`;
      },
    );
  }

  #pager(model: Model): unknown {
    const pages = Math.ceil(this.#useful(model, this.session.kind).length / DIALS);
    if (pages < 2) return nothing;
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

  readonly #onElsewhere = (event: CustomEvent<GarmentChosen>): void => {
    this.dispatchEvent(new CustomEvent<GarmentChosen>('elsewhere', { detail: event.detail }));
  };

  readonly #onChoose = (event: CustomEvent<GarmentChosen>): void => {
    this.dispatchEvent(new CustomEvent<GarmentChosen>('choose', { detail: event.detail }));
  };
}

customElements.define('ld-design', DesignView);
