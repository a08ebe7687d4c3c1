import type { Picture } from './dial-answer.ts';
import { fieldOf, type GarmentField } from './garment-field.ts';
import { type Painted, paint } from './garment-paint.ts';
import { Room } from './room.ts';

/** What is to be made of a decoded picture. */
export interface Order {
  readonly picture: Picture;
  readonly sharpen: number;
  /** As on the paper, or as on a swatch. */
  readonly how: 'lying' | 'flat';
  /** Pixels a side to be painted; undefined for the field alone, which a graphics card draws. */
  readonly size: number | undefined;
}

/** Painted where a size was asked for, else the field. */
export type Made = { readonly opaque: boolean } & (
  | { readonly field: GarmentField; readonly painted?: undefined }
  | { readonly painted: Painted; readonly field?: undefined }
);

const room = new Room();

export function make({ picture, sharpen, how, size }: Order): Made {
  // A field that is handed on has an array of its own.
  const field = fieldOf(picture, sharpen, how, size === undefined ? new Room() : room);
  const { opaque } = field;
  return size === undefined ? { opaque, field } : { opaque, painted: paint(field, size, sharpen, room) };
}
