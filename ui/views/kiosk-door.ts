import { html, nothing, type TemplateResult } from 'lit';
import type { LongPress } from '../lib/long-press.ts';
import type { Texts } from '../locales/texts.ts';
import type { Staff } from '../state/staff.ts';
import './staff-view.ts';

/** A corner that does nothing for a shopper: staff press it for long. */
export const staffDoor = (staff: Staff, press: LongPress, texts: Texts): TemplateResult => html`<div
    class="corner"
    @pointerdown=${(event: PointerEvent) => press.down(event)}
    @pointermove=${(event: PointerEvent) => press.move(event)}
    @pointerup=${() => press.end()}
    @pointercancel=${() => press.end()}
    @pointerleave=${() => press.end()}
  ></div>
  <ld-staff .staff=${staff} .texts=${texts}></ld-staff>`;

/** The shop's name. @param more beside it, if there is anything to say @param inert while nobody is there */
export const heading = (shop: string, more: string, inert: boolean): TemplateResult => html`<header ?inert=${inert}>
  <h1>${shop}</h1>
  ${more === '' ? nothing : html`<p class="demonstration">${more}</p>`}
</header>`;

/** Before there is anything to show. */
export const waiting = (texts: Texts, gone: boolean): TemplateResult =>
  html`<p class="starting" role="status">${gone ? texts.gone : texts.starting}</p>`;

/** The daemon is gone; what was dialled stays. */
export const away = (texts: Texts): TemplateResult =>
  html`<div class="away" role="status"><b>${texts.gone}</b><span>${texts.goneDetail}</span></div>`;
