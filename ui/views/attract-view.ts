import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Model } from '../../device/api/model-schemas.ts';
import '../elements/stage.ts';
import type { Picture } from '../lib/dial-answer.ts';
import { Follow } from '../lib/follow.ts';
import type { Drawing } from '../lib/screen.ts';
import { LANGUAGES, type Language, LOCALES } from '../locales/index.ts';
import type { Texts } from '../locales/texts.ts';
import type { Walk } from '../state/walk.ts';
import { base } from '../styles/tokens.ts';
import { attractStyle } from './attract-style.ts';
import type { LanguageChosen } from './languages-view.ts';

/** How long a still takes to make room for the next, each way, milliseconds. */
const SOFT_MS = 900;

const reduced = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * The shop window while nobody is there: garments of the store becoming each other. It walks while it is shown and the page is seen.
 * @fires enter A touch, anywhere. @fires speak The touch was on a language, `detail.language`; it comes before `enter`.
 */
export class AttractView extends LitElement {
  static override properties = {
    walk: { attribute: false },
    model: { attribute: false },
    shop: {},
    texts: { attribute: false },
    drawing: {},
    shown: { state: true },
  };
  static override styles = [base, attractStyle];

  declare walk: Walk;
  declare model: Model;
  declare shop: string;
  declare texts: Texts;
  declare drawing: Drawing;
  /** What lies there; behind the walk while a still makes room. */
  declare shown: Picture | undefined;
  #soft: Promise<unknown> | undefined;

  constructor() {
    super();
    new Follow(this, () => this.walk);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#onSeen);
    this.addEventListener('pointerdown', this.#onTouch);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#onSeen);
    this.walk.stop();
  }

  protected override firstUpdated(): void {
    this.#onSeen();
  }

  override render(): unknown {
    const { texts, walk, model, shown } = this;
    const empty = walk.empty || model.store.encoded === 0;
    return html`
      <h1>${this.shop}</h1>
      ${
        empty
          ? html`<p class="empty">${texts.attract.empty}</p>`
          : html`<ld-stage
              .picture=${shown}
              .sharpen=${model.picture.sharpen}
              .label=${texts.attract.window}
              .drawing=${this.drawing}
            ></ld-stage>`
      }
      <button class="touch" @click=${this.#onEnter}>${texts.attract.touch}</button>
      <div class="languages" role="group" aria-label=${texts.language}>
        ${LANGUAGES.map(name => this.#language(name))}
      </div>
      ${model.store.demonstration ? html`<p class="demonstration">${texts.demonstration}</p>` : nothing}
    `;
  }

  #language(name: Language): unknown {
    const pressed = LOCALES[name] === this.texts;
    return html`<button lang=${name} aria-pressed=${pressed} @pointerdown=${() => this.#speak(name)} @click=${() => this.#chosen(name)}>
      ${LOCALES[name].name}
    </button>`;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { picture } = this.walk;
    if (picture === this.shown || this.#soft !== undefined) return;
    if (reduced.matches && this.shown !== undefined) this.#soft = this.#soften();
    else this.shown = picture;
  }

  /** One still makes room for the next. */
  async #soften(): Promise<void> {
    const stage = this.renderRoot.querySelector('ld-stage');
    const fade = (from: number, to: number) =>
      stage?.animate([{ opacity: from }, { opacity: to }], {
        duration: SOFT_MS,
        easing: 'ease-in-out',
        fill: 'forwards',
      }).finished;
    await fade(1, 0);
    this.shown = this.walk.picture;
    await this.updateComplete;
    await fade(0, 1);
    this.#soft = undefined;
  }

  readonly #onSeen = (): void => {
    if (document.hidden) this.walk.stop();
    else this.walk.start(this.model.conditions?.categories ?? [], reduced.matches);
  };

  readonly #onTouch = (): void => this.#onEnter();

  readonly #onEnter = (): void => {
    this.dispatchEvent(new CustomEvent('enter'));
  };

  /** By a key; a finger has said it by touching. */
  #chosen(language: Language): void {
    this.#speak(language);
    this.#onEnter();
  }

  #speak(language: Language): void {
    this.dispatchEvent(new CustomEvent<LanguageChosen>('speak', { detail: { language } }));
  }
}

customElements.define('ld-attract', AttractView);
