import { css, html, LitElement, nothing } from 'lit';
import type { Call } from '../../device/api/call-schemas.ts';
import { icon } from '../elements/icon.ts';
import { ago } from '../lib/ago.ts';
import type { Texts } from '../locales/texts.ts';
import type { StaffCalls } from '../state/staff-calls.ts';
import { base } from '../styles/tokens.ts';
import { staffStyle } from './staff-style.ts';

const style = css`
  section {
    display: grid;
    gap: 1rem;
    padding: 1.5rem;
    border-radius: var(--radius);
    background: var(--paper-light);
    box-shadow: inset 0 0 0 2px var(--accent);
  }

  h3 {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    margin: 0;
    color: var(--ink);
  }

  h3 .icon {
    width: 2rem;
    height: 2rem;
    color: var(--accent);
  }

  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.75rem 1.5rem;
  }
`;

/** Calls from the screens, for staff: where from, how long ago, and that one comes. */
export class StaffCallsView extends LitElement {
  static override properties = { calls: { attribute: false }, open: { attribute: false }, texts: { attribute: false } };
  static override styles = [base, staffStyle, style];

  declare calls: StaffCalls;
  declare open: readonly Call[];
  declare texts: Texts;

  override render(): unknown {
    const { open, texts } = this;
    // Always there: what comes into it is said to those who hear the page.
    return html`<div role="status">${
      open.length === 0
        ? nothing
        : html`<section>
            <h3>${icon('call')}${texts.staff.calls.title}</h3>
            <ul>${open.map(call => html`<li>${this.#call(call)}</li>`)}</ul>
          </section>`
    }</div>`;
  }

  #call({ id, place, at }: Call): unknown {
    const { texts } = this;
    const words = texts.staff.calls;
    return html`
      <p>${place === null ? nothing : html`${words.at(place)} · `}${ago(at, Date.now(), texts.locale)}</p>
      <button class="strong" @click=${() => void this.calls.answer(id)}>${words.come}</button>`;
  }
}

customElements.define('ld-staff-calls', StaffCallsView);
