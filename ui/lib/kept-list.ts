/** What a shopper takes away: the list as words for a code that any phone reads, and the address of a page that shows it. */
import type { Texts } from '../locales/texts.ts';
import type { KeptGarment } from '../state/kept.ts';
import { priceOf, titleOf } from './say.ts';
import { inWords } from './words.ts';

/** Most bytes of one code: more, and its squares are too small for a phone at arm's length. */
export const MOST_BYTES = 850;
/** A title or a place that is longer is cut: a catalogue may hold anything. */
const LONGEST_WORDS = 80;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** On one line, and not longer than a line should be. */
function brief(written: string): string {
  const line = written.replaceAll(/\s+/gu, ' ').trim();
  const letters = [...line];
  return letters.length <= LONGEST_WORDS ? line : `${letters.slice(0, LONGEST_WORDS - 1).join('')}…`;
}

/** One garment: its name and size, then its price and where it hangs. */
function entryOf(garment: KeptGarment, currency: string | null, texts: Texts): string {
  const size = garment.size === undefined ? '' : texts.kept.size(inWords(garment.size, texts.words));
  const name = [brief(titleOf(garment, texts)), size].filter(part => part !== '').join(', ');
  const facts = [priceOf(garment, currency, texts), brief(garment.location ?? '')].filter(part => part !== '');
  return facts.length === 0 ? name : `${name}\n${facts.join(' · ')}`;
}

interface Shop {
  readonly name: string;
  readonly currency: string | null;
}

/** The list in words: one text, or several where one code cannot hold it. Every one names the shop. */
export function listTexts(garments: readonly KeptGarment[], shop: Shop, texts: Texts): string[] {
  if (garments.length === 0) return [];
  const heading = texts.kept.from(brief(shop.name));
  const pages: string[][] = [[]];
  for (const entry of garments.map(garment => entryOf(garment, shop.currency, texts))) {
    const page = [...pages.at(-1)!, entry];
    if (page.length > 1 && bytesOf([heading, ...page].join('\n\n')) > MOST_BYTES) pages.push([entry]);
    else pages[pages.length - 1] = page;
  }
  return pages.map(page => [heading, ...page].join('\n\n'));
}

/** What a phone's page is asked to show. */
export interface KeptLink {
  readonly language: string;
  readonly garments: readonly { readonly sku: string; readonly size?: string }[];
}

/** Where a phone sees the list with its pictures. What is kept stands behind the #: no server is ever told of it. */
export function linkTo(page: string, { language, garments }: KeptLink): string {
  const entries = garments.map(({ sku, size }) => [sku, ...(size === undefined ? [] : [size])].map(encodeURIComponent));
  const hash = [encodeURIComponent(language), ...entries.map(parts => parts.join(','))].join('&');
  return `${new URL('kept.html', page.endsWith('/') ? page : `${page}/`).href}#${hash}`;
}

/** Most garments that such an address may name. */
const MOST_LINKED = 50;

/** What such an address asks for; what is not to be read is left out. */
export function readLink(hash: string): KeptLink {
  const [language = '', ...entries] = hash
    .replace(/^#/, '')
    .split('&')
    .slice(0, MOST_LINKED + 1);
  const garments = entries.flatMap(entry => {
    const [sku, size] = entry.split(',').map(decoded);
    if (sku === undefined || sku === '') return [];
    return [size === undefined || size === '' ? { sku } : { sku, size }];
  });
  return { language: decoded(language), garments };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}
