/** What a made-up garment is called, costs, and where it hangs: from a seed, in plausible English. */
import type { Random } from '../../device/matching/random.ts';

interface Trade {
  /** Nouns for a title. */
  readonly nouns: readonly string[];
  /** Lowest and highest price, whole euros. */
  readonly price: readonly [number, number];
  readonly sizes: readonly string[];
  readonly aisle: number;
  readonly seasons: readonly string[];
}

const LETTERS = ['XS', 'S', 'M', 'L', 'XL', 'XXL'];
const WAISTS = ['28', '30', '32', '34', '36', '38'];
const DRESS_SIZES = ['34', '36', '38', '40', '42', '44'];
const SHOE_SIZES = ['36', '37', '38', '39', '40', '41', '42', '43', '44', '45'];
const ALL_YEAR = ['all year'];
const WARM = ['spring', 'summer'];
const COLD = ['autumn', 'winter'];

/** By the kind's name in the clothing bundle, lower case and letters only. */
const TRADES: Readonly<Record<string, Trade>> = {
  tshirt: { nouns: ['T-shirt', 'tee'], price: [15, 35], sizes: LETTERS, aisle: 1, seasons: [...WARM, ...ALL_YEAR] },
  polo: { nouns: ['polo shirt'], price: [30, 60], sizes: LETTERS, aisle: 1, seasons: WARM },
  undershirt: {
    nouns: ['vest', 'tank top'],
    price: [10, 25],
    sizes: LETTERS,
    aisle: 1,
    seasons: ['summer', ...ALL_YEAR],
  },
  top: { nouns: ['top'], price: [20, 45], sizes: LETTERS, aisle: 1, seasons: WARM },
  body: { nouns: ['bodysuit', 'romper'], price: [20, 40], sizes: LETTERS, aisle: 1, seasons: ALL_YEAR },
  longsleeve: {
    nouns: ['long-sleeve top', 'jersey'],
    price: [25, 60],
    sizes: LETTERS,
    aisle: 2,
    seasons: [...COLD, ...ALL_YEAR],
  },
  hoodie: { nouns: ['hoodie'], price: [45, 85], sizes: LETTERS, aisle: 2, seasons: COLD },
  shirt: { nouns: ['shirt', 'button-up shirt'], price: [35, 80], sizes: LETTERS, aisle: 2, seasons: ALL_YEAR },
  blouse: { nouns: ['blouse'], price: [35, 75], sizes: LETTERS, aisle: 2, seasons: ['spring', ...ALL_YEAR] },
  outwear: { nouns: ['jacket', 'coat'], price: [90, 260], sizes: LETTERS, aisle: 3, seasons: COLD },
  blazer: { nouns: ['blazer', 'jacket'], price: [90, 190], sizes: LETTERS, aisle: 3, seasons: ALL_YEAR },
  pants: { nouns: ['trousers'], price: [45, 110], sizes: WAISTS, aisle: 4, seasons: ALL_YEAR },
  shorts: { nouns: ['shorts'], price: [25, 60], sizes: WAISTS, aisle: 4, seasons: ['summer'] },
  skirt: { nouns: ['skirt'], price: [35, 85], sizes: DRESS_SIZES, aisle: 5, seasons: [...WARM, ...ALL_YEAR] },
  dress: { nouns: ['dress'], price: [50, 150], sizes: DRESS_SIZES, aisle: 5, seasons: [...WARM, 'autumn'] },
  hat: { nouns: ['hat', 'cap'], price: [20, 45], sizes: ['One-size'], aisle: 6, seasons: ALL_YEAR },
  shoes: { nouns: ['shoes'], price: [60, 150], sizes: SHOE_SIZES, aisle: 6, seasons: ALL_YEAR },
};
const OTHER: Omit<Trade, 'nouns'> = { price: [20, 80], sizes: LETTERS, aisle: 7, seasons: ALL_YEAR };

/** Lines that a made-up label could have. */
const LINES = [
  'Alder',
  'Anchor',
  'Arden',
  'Ashby',
  'Aster',
  'Bramble',
  'Calder',
  'Cedar',
  'Clover',
  'Coast',
  'Dale',
  'Drift',
  'Elm',
  'Ember',
  'Fern',
  'Finch',
  'Fjord',
  'Foxglove',
  'Garnet',
  'Glen',
  'Harbour',
  'Hazel',
  'Heath',
  'Heron',
  'Isla',
  'Juniper',
  'Kestrel',
  'Lark',
  'Linden',
  'Loch',
  'Maple',
  'Marlow',
  'Meadow',
  'Moor',
  'Nettle',
  'Orchard',
  'Pebble',
  'Quill',
  'Rowan',
  'Sable',
  'Saltmarsh',
  'Sorrel',
  'Thistle',
  'Tide',
  'Vale',
  'Willow',
  'Wren',
  'Yarrow',
];

/** One garment in so many is sold out in every size. */
const SOLD_OUT_ONE_IN = 16;
const RACKS = 'ABCDEFGH';

export interface MadeUp {
  readonly title: string;
  /** As catalogue.csv has it, e.g. `49.90`. */
  readonly price: string;
  readonly currency: string;
  /** As catalogue.csv has it, e.g. `S:3 M:0`. */
  readonly sizes: string;
  readonly location: string;
  readonly season: string;
}

const pick = <T>(values: readonly T[], random: Random): T | undefined => values[random.integer(values.length)];

function tradeOf(kind: string | null): Trade {
  const known = TRADES[(kind ?? '').toLowerCase().replace(/[^a-z]/g, '')];
  return known ?? { ...OTHER, nouns: [kind === null ? 'garment' : kind.toLowerCase()] };
}

/** The middle sizes are made most and sell most, the outer ones run out first. */
function stock(sizes: readonly string[], random: Random): string {
  const soldOut = random.integer(SOLD_OUT_ONE_IN) === 0;
  const middle = (sizes.length - 1) / 2;
  return sizes
    .map((size, place) => {
      const outer = sizes.length === 1 ? 0 : Math.abs(place - middle) / middle;
      const delivered = 2 + random.integer(6) - Math.round(3 * outer);
      return `${size}:${soldOut ? 0 : Math.max(delivered, 0)}`;
    })
    .join(' ');
}

/** @param kind the kind's name in the manifest; null where it has none */
export function makeUp(kind: string | null, colour: string | null, random: Random): MadeUp {
  const { nouns, price, sizes, aisle, seasons } = tradeOf(kind);
  const [low, high] = price;
  const euros = low + random.integer(high - low + 1);
  return {
    title: `${pick(LINES, random)} ${pick(nouns, random)}${colour === null ? '' : ` in ${colour}`}`,
    price: `${euros - 1}.${pick(['90', '95', '50'], random)}`,
    currency: 'EUR',
    sizes: stock(sizes, random),
    location: `Aisle ${aisle}, rack ${RACKS[random.integer(RACKS.length)]}`,
    season: pick(seasons, random) ?? 'all year',
  };
}
