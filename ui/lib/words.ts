/**
 * Words that come from a bundle or a catalogue and that every language of the kiosk knows: dials, their ends, kinds, sizes, colours.
 * Anything else is shown as it was written: the kiosk invents no meaning and no translation.
 */
export const KNOWN_WORDS = [
  'lightness',
  'red-green',
  'yellow-blue',
  'length',
  'fullness',
  'taper',
  'darker',
  'lighter',
  'greener',
  'redder',
  'bluer',
  'yellower',
  'shorter',
  'longer',
  'slimmer',
  'fuller',
  'narrower hem',
  'wider hem',
  't-shirt',
  'longsleeve',
  'pants',
  'shoes',
  'shirt',
  'dress',
  'shorts',
  'outwear',
  'hat',
  'skirt',
  'polo',
  'undershirt',
  'blazer',
  'hoodie',
  'body',
  'top',
  'blouse',
  'one size',
  'one-size',
  'black',
  'charcoal',
  'grey',
  'silver',
  'white',
  'cream',
  'beige',
  'tan',
  'brown',
  'navy',
  'blue',
  'denim',
  'sky',
  'teal',
  'mint',
  'green',
  'olive',
  'forest',
  'yellow',
  'mustard',
  'orange',
  'coral',
  'red',
  'burgundy',
  'pink',
  'rose',
  'purple',
  'lilac',
  'plum',
] as const;

export type KnownWord = (typeof KNOWN_WORDS)[number];

const known = new Set<string>(KNOWN_WORDS);

/** The word in this language, or as it was written. */
export function inWords(written: string, vocabulary: Readonly<Record<KnownWord, string>>): string {
  const plain = written.trim().toLowerCase();
  return known.has(plain) ? vocabulary[plain as KnownWord] : written;
}
