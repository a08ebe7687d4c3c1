import { css, html, LitElement, nothing } from 'lit';
import { icon } from '../elements/icon.ts';
import { Follow } from '../lib/follow.ts';
import type { Texts } from '../locales/texts.ts';
import type { Unfound } from '../state/unfound.ts';
import { base } from '../styles/tokens.ts';
import { staffStyle } from './staff-style.ts';

const GIGABYTE = 1e9;
/** With less than this share of it free, a disk is nearly full. */
const LITTLE = 0.05;

const style = css`
  section {
    display: grid;
    gap: 0.75rem;
  }

  h3 {
    margin: 0;
  }

  p {
    display: flex;
    align-items: center;
    gap: 1rem;
  }

  .icon {
    flex: none;
    width: 1.75rem;
    height: 1.75rem;
    color: var(--accent);
  }

  .look {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1.5rem;
    width: 100%;
    min-height: max(6rem, var(--target));
    padding: 0.75rem 2rem;
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow: inset 0 0 0 2px var(--accent);
  }

  .look b {
    font: 480 var(--text-large) / 1.25 var(--serif);
  }

  .look span {
    flex: none;
    color: var(--accent);
    font: 550 var(--text) / 1.2 var(--sans);
  }
`;

/** How the box and its garments are, at a glance, and the way to what no dial finds. */
export class GlanceView extends LitElement {
  static override properties = {
    unfound: { attribute: false },
    texts: { attribute: false },
  };
  static override styles = [base, staffStyle, style];

  declare unfound: Unfound;
  declare texts: Texts;

  constructor() {
    super();
    new Follow(this, () => this.unfound);
  }

  override render(): unknown {
    const words = this.texts.staff.glance;
    const { box } = this.unfound;
    return html`<section>
      <h3>${words.title}</h3>
      ${box === undefined ? nothing : html`<p class="heat">${icon(box.heat.state === 'well' ? 'done' : 'call')}${words.heat[box.heat.state]}</p>`}
      ${box === undefined ? nothing : this.#disk(box.disk)}
      ${this.#garments()}
    </section>`;
  }

  #disk({ size, free }: { readonly size: number; readonly free: number }): unknown {
    const words = this.texts.staff.glance;
    const isLittle = free < LITTLE * size;
    const room = new Intl.NumberFormat(this.texts.locale, { maximumSignificantDigits: 3 }).format(free / GIGABYTE);
    return html`<p class="disk">${icon(isLittle ? 'call' : 'done')}${isLittle ? words.diskLittle(room) : words.disk(room)}</p>`;
  }

  #garments(): unknown {
    const words = this.texts.staff.glance;
    const { count } = this.unfound;
    if (count === undefined) return nothing;
    if (count === 0) return html`<p class="all">${icon('done')}${words.allFound}</p>`;
    return html`<button class="look" @click=${() => this.unfound.show()}><b>${words.unfound(count)}</b><span>${words.look}</span></button>`;
  }
}

customElements.define('ld-glance', GlanceView);
