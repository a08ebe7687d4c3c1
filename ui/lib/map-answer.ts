import type { StoreMapAnswer } from '../../device/api/map-schemas.ts';

export type MapPlace = StoreMapAnswer['places'][number];

/** The store on one sheet, as the daemon answers it. */
export interface Sheet {
  readonly edition: string;
  readonly places: readonly MapPlace[];
  readonly skus: readonly string[];
  /** x and y of each garment, 0 to 65535. */
  readonly xy: Uint16Array | Float64Array;
  /** The place of each garment. */
  readonly place: Uint8Array;
  /** 1 where the garment passes the filter. */
  readonly passes: Uint8Array;
}

/** The sheet's side. */
export const SHEET = 65_536;

const MAGIC = 'LDM1';
const HEADER_BYTES = 16;

/** The sheet drawn out to these sides. */
export function drawnOut(sheet: Sheet, width: number, height: number): Sheet {
  const sides = [width / SHEET, height / SHEET] as const;
  return {
    ...sheet,
    xy: Float64Array.from(sheet.xy, (value, at) => value * sides[at % 2]!),
    places: sheet.places.map(place => ({ ...place, x: place.x * sides[0], y: place.y * sides[1] })),
  };
}

/** Reads the binary answer of `POST /api/v1/map`. @throws RangeError saying what was got and what was expected. */
export function readMapAnswer(bytes: ArrayBuffer): Sheet {
  if (bytes.byteLength < HEADER_BYTES) {
    throw new RangeError(`The map has ${bytes.byteLength} bytes; its header alone has ${HEADER_BYTES}.`);
  }
  const view = new DataView(bytes);
  const magic = String.fromCharCode(...new Uint8Array(bytes, 0, 4));
  if (magic !== MAGIC) throw new RangeError(`The map begins with ${JSON.stringify(magic)}; expected ${MAGIC}.`);
  const json = HEADER_BYTES + view.getUint32(4, true);
  const count = view.getUint32(8, true);
  const names = json + 5 * count + Math.ceil(count / 8);
  if (bytes.byteLength < names) {
    throw new RangeError(`The map has ${bytes.byteLength} bytes; ${count} garments need ${names} at least.`);
  }
  const text = new TextDecoder();
  const written = text.decode(new Uint8Array(bytes, names));
  const skus = written === '' ? [] : written.split('\n');
  if (skus.length !== count) throw new RangeError(`The map has ${skus.length} SKUs; expected ${count}.`);
  const { edition, places } = JSON.parse(
    text.decode(new Uint8Array(bytes, HEADER_BYTES, json - HEADER_BYTES)),
  ) as StoreMapAnswer;
  const bits = new Uint8Array(bytes, json + 5 * count, Math.ceil(count / 8));
  return {
    edition,
    places,
    skus,
    xy: Uint16Array.from({ length: 2 * count }, (_, at) => view.getUint16(json + 2 * at, true)),
    place: new Uint8Array(bytes, json + 4 * count, count),
    passes: Uint8Array.from({ length: count }, (_, at) => (bits[at >> 3]! >> (at & 7)) & 1),
  };
}
