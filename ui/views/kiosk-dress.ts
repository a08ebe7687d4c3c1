import { accentFor, cssColour, type Rgb } from '../lib/accent.ts';
import { marginsFor } from '../lib/reach.ts';
import { floorMm, inDarkRoom, mmPerPx } from '../lib/screen.ts';
import type { Texts } from '../locales/texts.ts';
import type { Aids } from '../state/visit.ts';
import { PAPERS } from '../styles/paper.ts';

/** Contrast of the accent where more of it was asked for: WCAG 2.2, AAA. */
const STRONG = 7;

/** Gives the page the language's direction, and what was asked for to see and to reach. */
export function dress(kiosk: HTMLElement, aids: Aids, texts: Texts, accent: Rgb | undefined): void {
  const dark = inDarkRoom(location.search);
  kiosk.toggleAttribute('larger', aids.larger);
  kiosk.toggleAttribute('contrast', aids.contrast);
  kiosk.toggleAttribute('dark', dark);
  if (accent !== undefined) {
    const paper = PAPERS[dark ? 'dark' : 'light'];
    kiosk.style.setProperty('--accent', cssColour(accentFor(accent, paper, aids.contrast ? STRONG : undefined)));
  }
  const page = document.documentElement;
  page.lang = texts.locale;
  page.dir = texts.direction;
  const mounting = {
    width: innerWidth,
    height: innerHeight,
    mmPerPx: mmPerPx(location.search),
    floorMm: floorMm(location.search),
  };
  const { head, foot } = marginsFor(mounting, aids.lower);
  // On the page itself, so that the sheets over it keep to them too.
  page.style.setProperty('--head', `${head}px`);
  page.style.setProperty('--foot', `${foot}px`);
  page.style.setProperty('--band', String((innerHeight - head - foot) / innerHeight));
}
