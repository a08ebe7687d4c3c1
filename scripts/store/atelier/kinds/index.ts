/** Every kind that the atelier can cut. */
import type { Kind } from '../kind.ts';
import { dress } from './dresses.ts';
import { cardigan, hoodie, sweater } from './knitwear.ts';
import { blouse, shirt } from './shirts.ts';
import { skirt } from './skirts.ts';
import { blazer, coat } from './tailoring.ts';
import { polo, tankTop, tShirt } from './tops.ts';
import { jeans, shorts, trousers } from './trousers.ts';

export const KINDS = {
  tShirt,
  tankTop,
  polo,
  shirt,
  blouse,
  sweater,
  cardigan,
  hoodie,
  blazer,
  coat,
  dress,
  skirt,
  trousers,
  jeans,
  shorts,
} as const satisfies Record<string, Kind>;
export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];
