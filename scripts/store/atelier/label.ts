/** What the label calls a garment, asks for it, and has left of it: all made up, from dice. */
import type { Dice } from './dice.ts';
import type { Weave } from './fabrics.ts';
import type { Garment } from './garment.ts';
import type { Kind } from './kind.ts';
import { KINDS } from './kinds/index.ts';

/** Places that a collection could be named after; none of them is one. */
const LINES = (
  'Alba Alder Anselm Arden Ashby Aster Auden Avery Bardo Beckett Birk Blythe Bram Briar Calla Carrow Cedar Clement ' +
  'Corin Cove Dalia Darrow Delft Dorset Dune Eider Elin Elm Ember Esker Fable Farrow Fell Finch Fjord Flint Florin ' +
  'Freya Gale Garnet Glen Greta Halden Hart Haven Hazel Hollis Ines Iris Isla Jonas Juniper Kerr Kinsey Lark Leith ' +
  'Linden Lisbon Loden Lowry Lucan Mara Marlow Mistral Moor Morrow Nell Nico Norden Oban Odell Olin Orla Osier Otis ' +
  'Paloma Perrin Petra Quill Ravel Rhea Rowan Sable Saffi Sanna Selby Sorrel Stellan Sula Tamsin Tarn Teller Thea ' +
  'Tilde Umber Vale Vega Verity Wells Willa Winslow Wren Yarrow Zell'
).split(' ');

/** What the cloth is called, by how it is woven; where a kind is of another cloth, by its category. */
const CLOTHS: Readonly<Record<Weave, readonly string[]>> = {
  plain: ['Cotton', 'Organic', 'Classic'],
  stripes: ['Striped', 'Breton', 'Sailor'],
  pinstripes: ['Striped', 'Deckchair', 'Column'],
  checks: ['Checked', 'Plaid', 'Gingham'],
  dots: ['Dotted', 'Spot', 'Polka'],
  denim: ['Denim', 'Selvedge', 'Washed'],
  knit: ['Merino', 'Lambswool', 'Stockinette'],
  cable: ['Cable', 'Fisherman', 'Aran'],
  tweed: ['Herringbone', 'Tweed', 'Wool'],
  corduroy: ['Cord', 'Needlecord', 'Velvet Cord'],
  rib: ['Ribbed', 'Fine Rib', 'Rib'],
};
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  Shirt: ['Oxford', 'Poplin', 'Linen', 'Twill'],
  Blouse: ['Silk', 'Crêpe', 'Voile', 'Satin'],
  Sweater: ['Cashmere', 'Merino', 'Felted'],
  Cardigan: ['Cashmere', 'Merino', 'Fine-knit'],
  Hoodie: ['Fleece', 'Loopback', 'Brushed'],
  Blazer: ['Hopsack', 'Linen', 'Wool'],
  Coat: ['Wool', 'Melton', 'Camelhair'],
  Dress: ['Linen', 'Crêpe', 'Satin', 'Poplin'],
  Skirt: ['Linen', 'Crêpe', 'Satin', 'Poplin'],
  Trousers: ['Twill', 'Linen', 'Wool', 'Gabardine'],
  Shorts: ['Twill', 'Linen', 'Canvas'],
  Polo: ['Piqué', 'Pima', 'Jersey'],
};

/** Cloths that cost more than a plain one, as a factor. */
const DEARER: Readonly<Partial<Record<Weave, number>>> = {
  cable: 1.3,
  tweed: 1.25,
  knit: 1.12,
  corduroy: 1.1,
  denim: 1.08,
};

const SIZES: Readonly<Record<Kind['sizes'], readonly string[]>> = {
  letters: ['XS', 'S', 'M', 'L', 'XL', 'XXL'],
  waists: ['28', '30', '32', '34', '36', '38'],
  chests: ['44', '46', '48', '50', '52', '54'],
};

/** One garment in so many is sold out in every size. */
const SOLD_OUT_ONE_IN = 18;
const RACKS = 8;

export interface Label {
  readonly title: string;
  /** What its cloth is called: `Herringbone`. */
  readonly cloth: string;
  /** As catalogue.csv has it: `49.90`. */
  readonly price: string;
  /** As catalogue.csv has it: `S:3 M:0`. */
  readonly sizes: string;
  readonly location: string;
  readonly season: string;
}

/** Middle sizes are ordered most; what sells best runs out first. */
function stock(names: readonly string[], dice: Dice): string {
  if (dice.integer(SOLD_OUT_ONE_IN) === 0) return names.map(name => `${name}:0`).join(' ');
  const middle = (names.length - 1) / 2;
  const left = names.map((_, place) =>
    Math.max(0, Math.round(4.4 - Math.abs(place - middle) * 1.1 + dice.normal() * 1.9)),
  );
  return names.map((name, place) => `${name}:${left[place]}`).join(' ');
}

/** Dearer where there is more of it, and by its cloth; such prices as shops like. */
function priceOf({ price: [low, high] }: Kind, { fabric, scores }: Garment, dice: Dice): string {
  const all = Object.values(scores);
  const size = all.reduce((sum, score) => sum + score, 0) / Math.max(1, all.length);
  const share = Math.min(1, Math.max(0, 0.42 + 0.16 * size + 0.2 * dice.normal()));
  const euros = (low + (high - low) * share ** 1.4) * (DEARER[fabric.weave] ?? 1);
  return euros < 60 ? `${Math.round(euros) - 1}.90` : `${Math.round(euros / 5) * 5}.00`;
}

/**
 * Names and prices a garment.
 * @param taken titles that are given already; the new one is added
 */
export function labelOf(garment: Garment, dice: Dice, taken: Set<string>): Label {
  const kind: Kind = KINDS[garment.kind];
  const { weave } = garment.fabric;
  const cloths = (weave === 'plain' ? PLAIN[kind.category] : undefined) ?? CLOTHS[weave];
  const naming = dice.for('title');
  let [cloth, title] = ['', ''];
  // A rail with the same name twice would confuse; a thousand throws find a free one unless there is none.
  for (let tries = 0; title === '' || (taken.has(title) && tries < 1000); tries++) {
    cloth = naming.one(cloths);
    const noun = naming.one(kind.nouns);
    title = `${naming.one(LINES)} ${noun.includes(cloth) ? noun : `${cloth} ${noun}`}`;
  }
  taken.add(title);
  return {
    title,
    cloth,
    price: priceOf(kind, garment, dice.for('price')),
    sizes: stock(SIZES[kind.sizes], dice.for('stock')),
    location: `Aisle ${kind.aisle}, rack ${1 + dice.for('rack').integer(RACKS)}`,
    season: dice.for('season').one(kind.seasons),
  };
}
