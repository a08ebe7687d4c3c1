import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Picture } from '../lib/dial-answer.ts';
import { fractionOf, tapped } from '../lib/dial-maths.ts';
import { saysOther } from '../lib/memo.ts';
import { noFling } from '../lib/no-fling.ts';
import type { DialWords } from '../lib/say.ts';
import { base } from '../styles/tokens.ts';
import { dialStyle } from './dial-style.ts';
import { icon } from './icon.ts';
import './swatch.ts';
import { tape } from './tape.ts';
import { TrackPointer } from './track-pointer.ts';

/** What is asked of each dial while it is not turned: whether it matters, or whether it stays as it is. */
export type DialAsk = 'matter' | 'lock';

export interface DialChange {
  readonly value: number;
  /** A finger has left the track: no more is to come of it. */
  readonly lifted?: boolean;
}

/**
 * A dial over a native range input, which keyboard and screen reader use, while fingers are followed one a dial.
 * @fires toggle The dial's answer to `asks` was tapped.
 * @fires input While it moves, `detail.value`. @fires change When the finger has left it, or a key or button has moved it.
 */
export class Dial extends LitElement {
  static override properties = {
    words: { attribute: false, hasChanged: saysOther<DialWords> },
    value: { type: Number },
    range: { type: Number },
    density: { attribute: false },
    low: { attribute: false },
    high: { attribute: false },
    sharpen: { type: Number },
    ends: { type: Boolean },
    fresh: { type: Boolean },
    matters: { type: Boolean },
    locked: { type: Boolean },
    asks: {},
  };
  static override styles = [base, dialStyle];

  declare words: DialWords;
  declare value: number;
  declare range: number;
  declare density: readonly number[];
  declare low: Picture | undefined;
  declare high: Picture | undefined;
  declare sharpen: number;
  /** Whether the two ends have words. */
  declare ends: boolean;
  /** Whether the end pictures are of the garment as it is. */
  declare fresh: boolean;

  /** Whether the shopper said that it matters, and that it is to stay as it is. */
  declare matters: boolean;
  declare locked: boolean;
  /** Undefined while it can be turned. */
  declare asks: DialAsk | undefined;

  readonly #pointer: TrackPointer;

  constructor() {
    super();
    this.words = { name: '', low: '', high: '', place: '', toLow: '', toHigh: '', matters: '', stays: '' };
    this.value = 0;
    this.range = 1;
    this.density = [];
    this.sharpen = 1;
    this.ends = false;
    this.fresh = false;
    this.matters = false;
    this.locked = false;
    this.#pointer = new TrackPointer(this.#host());
  }

  override render(): unknown {
    const { words } = this;
    return html`
      <div class="words" aria-hidden="true">
        <span class="end">${this.ends ? words.low : ''}</span>
        <span class="name">${this.#marks()}${words.name}</span>
        <span class="end">${this.ends ? words.high : ''}</span>
      </div>
      ${this.asks === undefined ? this.#row() : this.#question(this.asks)}
    `;
  }

  #marks(): unknown {
    return html`${this.matters ? icon('heart') : nothing}${this.locked ? icon('lock') : nothing}`;
  }

  #question(asks: DialAsk): unknown {
    const said = asks === 'matter' ? this.matters : this.locked;
    const { matters, stays, name } = this.words;
    const words = asks === 'matter' ? matters : stays;
    return html`<button class="ask" aria-pressed=${said} aria-label=${`${name}: ${words}`} @click=${this.#onToggle}>
      ${icon(asks === 'matter' ? 'heart' : 'lock')}<span>${words}</span>
    </button>`;
  }

  #row(): unknown {
    const { words, range } = this;
    const { down, move, up, lost } = this.#pointer;
    return html`
      <div class="row">
        ${this.#step(-1)}
        <div
          class="track"
          part="track"
          @touchstart=${noFling}
          @pointerdown=${down}
          @pointermove=${move}
          @pointerrawupdate=${move}
          @pointerup=${up}
          @pointercancel=${lost}
          @lostpointercapture=${lost}
        >
          <div class="scale">${tape(this.density)}</div>
          <input
            type="range"
            min=${-range}
            max=${range}
            step="any"
            .value=${String(this.value)}
            aria-label=${words.name}
            aria-valuetext=${words.place}
            @input=${this.#onInput}
            @change=${this.#onChange}
            @keydown=${this.#onKey}
          />
          <div class="thumb"><svg viewBox="0 0 64 64" aria-hidden="true">
            <circle class="disc" cx="32" cy="32" r="30"></circle>
            <circle class="rim" cx="32" cy="32" r="21"></circle>
            <g class="holes">
              <circle cx="26.5" cy="26.5" r="3.4"></circle><circle cx="37.5" cy="26.5" r="3.4"></circle>
              <circle cx="26.5" cy="37.5" r="3.4"></circle><circle cx="37.5" cy="37.5" r="3.4"></circle>
            </g>
          </svg></div>
        </div>
        ${this.#step(1)}
      </div>
    `;
  }

  #step(direction: -1 | 1): unknown {
    const name = direction < 0 ? this.words.toLow : this.words.toHigh;
    const atEnd = direction * this.value >= this.range;
    return html`<button
      class="step"
      aria-label=${name}
      aria-disabled=${atEnd}
      @click=${() => this.#commit(tapped(this.value, direction, this.range))}
    >
      <ld-swatch class=${this.fresh ? '' : 'stale'} .picture=${direction < 0 ? this.low : this.high} .sharpen=${this.sharpen}></ld-swatch>
      <span class="sign">${icon(direction < 0 ? 'minus' : 'plus')}</span>
    </button>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!['value', 'range', 'asks'].some(name => changed.has(name))) return;
    const track = this.renderRoot.querySelector<HTMLElement>('.track');
    track?.style.setProperty('--at', String(fractionOf(this.value, this.range)));
  }

  #host(): ConstructorParameters<typeof TrackPointer>[0] {
    const dial = this;
    return {
      get range() {
        return dial.range;
      },
      get value() {
        return dial.value;
      },
      track: () => {
        const scale = dial.renderRoot.querySelector('.scale')!.getBoundingClientRect();
        const thumb = dial.renderRoot.querySelector('.thumb')!.getBoundingClientRect();
        const [low, high] = dial.#mirrored ? [scale.right, scale.left] : [scale.left, scale.right];
        return { low, high, thumb: thumb.width };
      },
      moved: value => {
        dial.toggleAttribute('held', this.#pointer.held);
        dial.#move(value);
      },
      released: () => {
        dial.removeAttribute('held');
        dial.#say('change', true);
      },
      doubleTapped: () => dial.#move(0),
    };
  }

  /** Where lines go to the left, the low end is at the right. */
  get #mirrored(): boolean {
    return this.matches(':dir(rtl)');
  }

  #move(value: number): void {
    this.value = value;
    this.#say('input');
  }

  #commit(value: number): void {
    if (value === this.value) return;
    this.#move(value);
    this.#say('change');
  }

  #say(type: 'input' | 'change', lifted = false): void {
    this.dispatchEvent(new CustomEvent<DialChange>(type, { detail: { value: this.value, lifted } }));
  }

  readonly #onToggle = (): void => {
    this.dispatchEvent(new CustomEvent('toggle'));
  };

  // The native events do not leave the dial: its own carry the value.
  readonly #onInput = (event: Event): void => {
    event.stopPropagation();
    this.#move(Number((event.target as HTMLInputElement).value));
  };

  readonly #onChange = (event: Event): void => {
    event.stopPropagation();
    this.#say('change');
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const right = this.#mirrored ? -1 : 1;
    const steps: Readonly<Record<string, 1 | -1>> = {
      ArrowLeft: right === 1 ? -1 : 1,
      ArrowRight: right,
      ArrowDown: -1,
      ArrowUp: 1,
    };
    const direction = steps[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    this.#commit(tapped(this.value, direction, this.range));
  };
}

customElements.define('ld-dial', Dial);
