import { accentFor, cssColour, type Rgb } from '../lib/accent.ts';
import { marginsFor } from '../lib/reach.ts';
import { floorMm, inDarkRoom, mmPerPx } from '../lib/screen.ts';
import type { Texts } from '../locales/texts.ts';
import type { Aids } from '../state/visit.ts';
import { PAPERS } from '../styles/paper.ts';

/** Contrast of the accent where more of it was asked for: WCAG 2.2, AAA. */
const STRONG = 7;

/**
 * Gives the page the language's direction, and what was asked for to see and to reach. Called for every picture of a drag:
 * what is set again, even to what it was, has the browser work out the style of everything below anew.
 */
export function dress(kiosk: HTMLElement, aids: Aids, texts: Texts, accent: Rgb | undefined): void {
  const dark = inDarkRoom(location.search);
  kiosk.toggleAttribute('larger', aids.larger);
  kiosk.toggleAttribute('contrast', aids.contrast);
  kiosk.toggleAttribute('dark', dark);
  if (accent !== undefined) {
    const paper = PAPERS[dark ? 'dark' : 'light'];
    put(kiosk, '--accent', cssColour(accentFor(accent, paper, aids.contrast ? STRONG : undefined)));
  }
  const page = document.documentElement;
  if (page.lang !== texts.locale) page.lang = texts.locale;
  if (page.dir !== texts.direction) page.dir = texts.direction;
  const mounting = {
    width: innerWidth,
    height: innerHeight,
    mmPerPx: mmPerPx(location.search),
    floorMm: floorMm(location.search),
  };
  const { head, foot } = marginsFor(mounting, aids.lower);
  // On the page itself, so that the sheets over it keep to them too.
  put(page, '--head', `${head}px`);
  put(page, '--foot', `${foot}px`);
  put(page, '--band', String((innerHeight - head - foot) / innerHeight));
}

function put({ style }: HTMLElement, name: string, value: string): void {
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}
