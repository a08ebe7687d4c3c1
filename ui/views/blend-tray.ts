import { css, html, LitElement } from 'lit';
import type { DialChange } from '../elements/dial.ts';
import '../elements/dial.ts';
import '../elements/photo.ts';
import '../elements/swatch.ts';
import type { Picture } from '../lib/dial-answer.ts';
import type { DialWords } from '../lib/say.ts';
import type { Texts } from '../locales/texts.ts';
import { base } from '../styles/tokens.ts';
import { trayStyle } from '../styles/tray.ts';

/** The walk is a dial from -HALF to HALF: its middle is as much of the one as of the other. */
const HALF = 0.5;

export interface Blending {
  readonly at: number;
}

/**
 * A walk between what was dialled and a garment, in the dials' place.
 * @fires blend `detail.at`, 0 for what was dialled to 1 for the garment. @fires take It is to be so. @fires back It is to be as before.
 */
export class BlendTray extends LitElement {
  static override properties = {
    at: { type: Number },
    mine: { attribute: false },
    theirs: {},
    sharpen: { type: Number },
    texts: { attribute: false },
  };
  static override styles = [
    base,
    trayStyle,
    css`
      .walk {
        display: grid;
        grid-template-columns: 11rem minmax(0, 1fr) 11rem;
        align-items: center;
        gap: 1.5rem;
        min-height: 0;
      }

      figure {
        display: grid;
        justify-items: center;
        align-content: center;
        gap: 0.5rem;
        margin: 0;
        font: 500 var(--text) / 1.2 var(--sans);
      }

      ld-swatch,
      ld-photo {
        width: 11rem;
        height: 11rem;
      }
    `,
  ];

  declare at: number;
  declare mine: Picture | undefined;
  /** Where the garment's picture is. */
  declare theirs: string;
  declare sharpen: number;
  declare texts: Texts;

  constructor() {
    super();
    this.at = HALF;
    this.theirs = '';
    this.sharpen = 1;
  }

  override render(): unknown {
    const { design } = this.texts;
    return html`
      <header>
        <h2>${design.blendTitle}</h2>
        <button class="back" @click=${() => this.dispatchEvent(new CustomEvent('back'))}>${design.blendBack}</button>
        <button class="done" @click=${() => this.dispatchEvent(new CustomEvent('take'))}>${design.blendTake}</button>
      </header>
      <div class="walk">
        <figure><ld-swatch .picture=${this.mine} .sharpen=${this.sharpen}></ld-swatch>${design.blendMine}</figure>
        <ld-dial
          .words=${this.#words()}
          .value=${this.at - HALF}
          .range=${HALF}
          @input=${({ detail }: CustomEvent<DialChange>) => this.#say(detail.value + HALF)}
        ></ld-dial>
        <figure><ld-photo .src=${this.theirs} alt=""></ld-photo>${design.blendTheirs}</figure>
      </div>
    `;
  }

  #words(): DialWords {
    const { design, towards } = this.texts;
    const name = design.blend;
    return {
      name,
      low: design.blendMine,
      high: design.blendTheirs,
      place: design.blendPlace(Math.round(this.at * 100)),
      toLow: towards(name, design.blendMine),
      toHigh: towards(name, design.blendTheirs),
      matters: '',
      stays: '',
    };
  }

  #say(at: number): void {
    this.dispatchEvent(new CustomEvent<Blending>('blend', { detail: { at } }));
  }
}

customElements.define('ld-blend-tray', BlendTray);
