/** What the staff's page says of itself: what went wrong last, the box's certificate, and that a picture is not to be had. */
import { html, nothing } from 'lit';
import { troubleWords } from '../lib/trouble.ts';
import type { Texts } from '../locales/texts.ts';
import type { Staff } from '../state/staff.ts';

export const dayOf = (time: string, { locale }: Texts): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(time));

/** What went wrong last; empty where nothing did. */
export function troubleOf({ trouble, elsewhere, phase }: Staff, texts: Texts): string {
  const { staff: words, errors } = texts;
  // The key that this phone had; it has no PIN to enter.
  if (trouble === 'key-refused' && elsewhere) return words.keyGone;
  if (trouble === 'pins-differ') return words.pinsDiffer;
  if (trouble === 'invalid-request' && phase === 'code') return errors['code-wrong'];
  // What the daemon refuses of a new PIN is that it is too easy: the pad lets nothing else through.
  return trouble === 'invalid-request' ? words.pinWeak : troubleWords(trouble, texts);
}

/** The certificate's fingerprint, to be compared once. */
export function certificateOf({ certificate }: Staff, texts: Texts): unknown {
  const words = texts.staff;
  if (certificate === null) return nothing;
  const bytes = certificate.fingerprint.split(':');
  const lines = [0, 8, 16, 24].map(at => bytes.slice(at, at + 8).join(' '));
  return html`<section class="certificate">
    <h3>${words.certificate}</h3>
    <p>${words.certificateHint(certificate.port, dayOf(certificate.validTo, texts))}</p>
    <p class="fingerprint">${lines.map(line => html`<span>${line}</span>`)}</p>
  </section>`;
}

/** Where only keys may look, a picture by its address alone is not given out: its place stays empty. */
export const hide = (event: Event): void => (event.target as HTMLElement).classList.add('missing');
