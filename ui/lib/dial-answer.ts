import type { MatchAnswer } from '../../device/api/match-schemas.ts';

/** A decoded picture: straight alpha, rows from the top, 4 bytes a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

export interface DialAnswer {
  readonly picture: Picture;
  readonly answer: MatchAnswer;
}

const MAGIC = 'LDL1';
const HEADER_BYTES = 16;

/** Reads the binary answer of `POST /api/v1/dial`. @throws RangeError saying what was got and what was expected. */
export function readDialAnswer(bytes: ArrayBuffer): DialAnswer {
  if (bytes.byteLength < HEADER_BYTES) {
    throw new RangeError(`The dial answer has ${bytes.byteLength} bytes; its header alone has ${HEADER_BYTES}.`);
  }
  const view = new DataView(bytes);
  const magic = String.fromCharCode(...new Uint8Array(bytes, 0, 4));
  if (magic !== MAGIC) {
    throw new RangeError(`The dial answer begins with ${JSON.stringify(magic)}; expected ${MAGIC}.`);
  }
  const width = view.getUint16(4, true);
  const height = view.getUint16(6, true);
  const jsonBytes = view.getUint32(8, true);
  const pictureBytes = width * height * 4;
  const expected = HEADER_BYTES + pictureBytes + jsonBytes;
  if (bytes.byteLength !== expected) {
    throw new RangeError(`The dial answer has ${bytes.byteLength} bytes; its header says ${expected}.`);
  }
  const json = new TextDecoder().decode(new Uint8Array(bytes, HEADER_BYTES + pictureBytes, jsonBytes));
  return {
    picture: { width, height, rgba: new Uint8Array(bytes, HEADER_BYTES, pictureBytes) },
    answer: JSON.parse(json) as MatchAnswer,
  };
}
