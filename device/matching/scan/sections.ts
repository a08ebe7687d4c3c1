/** The scan's parts as sections of the index file (models/INDEX.md, "The scan's sections"). */
import { IndexError } from '../errors.ts';
import { SCAN_SECTION } from '../index-format.ts';
import { checkParts, type ScanParts } from './parts.ts';

/** Bytes of the shape: u32 garments a region, u32 dimensions with cells, then a byte for each of those, zeros up to 64. */
const SHAPE = { regionSize: 0, active: 4, dimensions: 8, bytes: 72 } as const;

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export type Section = [id: number, bytes: Uint8Array];

/** The scan's parts as sections. */
export function sectionsOf(parts: ScanParts): Section[] {
  const shape = new Uint8Array(SHAPE.bytes);
  const view = new DataView(shape.buffer);
  view.setUint32(SHAPE.regionSize, parts.regionSize, true);
  view.setUint32(SHAPE.active, parts.dimensions.length, true);
  shape.set(parts.dimensions, SHAPE.dimensions);
  return [
    [SCAN_SECTION.shape, shape],
    [SCAN_SECTION.rows, bytesOf(parts.rows)],
    [SCAN_SECTION.codes, parts.codes],
    [SCAN_SECTION.cells, bytesOf(parts.cells)],
    [SCAN_SECTION.boxes, bytesOf(parts.boxes)],
    [SCAN_SECTION.fine, parts.fine],
  ];
}

/**
 * The scan's parts as views of the file's sections; undefined where it has none.
 * @throws IndexError `layout` or `content` where some are missing or do not fit the store
 */
export function readScan(
  sections: ReadonlyMap<number, Uint8Array>,
  count: number,
  latentDim: number,
): ScanParts | undefined {
  const shape = sections.get(SCAN_SECTION.shape);
  const fine = sections.get(SCAN_SECTION.fine);
  // Files of before the fine codes: the parts are made anew.
  if (shape === undefined || fine === undefined) return undefined;
  if (shape.length !== SHAPE.bytes) {
    throw new IndexError('layout', `The scan's shape has ${shape.length} bytes; expected ${SHAPE.bytes}.`);
  }
  const view = new DataView(shape.buffer, shape.byteOffset, shape.length);
  const active = view.getUint32(SHAPE.active, true);
  if (active > latentDim) {
    throw new IndexError('content', `The scan has cells for ${active} dimensions; expected ${latentDim} at most.`);
  }
  const section = (id: number): { buffer: ArrayBufferLike; start: number; words: number } => {
    const bytes = sections.get(id);
    if (bytes === undefined) throw new IndexError('layout', `The index file has no section ${id}; expected one.`);
    return { buffer: bytes.buffer, start: bytes.byteOffset, words: Math.floor(bytes.length / 4) };
  };
  const [rows, codes, cells, boxes] = [
    section(SCAN_SECTION.rows),
    section(SCAN_SECTION.codes),
    section(SCAN_SECTION.cells),
    section(SCAN_SECTION.boxes),
  ];
  const parts: ScanParts = {
    count,
    latentDim,
    regionSize: view.getUint32(SHAPE.regionSize, true),
    dimensions: shape.subarray(SHAPE.dimensions, SHAPE.dimensions + active),
    rows: new Uint32Array(rows.buffer, rows.start, rows.words),
    codes: sections.get(SCAN_SECTION.codes) ?? new Uint8Array(codes.buffer, codes.start, 4 * codes.words),
    cells: new Float32Array(cells.buffer, cells.start, cells.words),
    boxes: new Float32Array(boxes.buffer, boxes.start, boxes.words),
    fine,
  };
  checkParts(parts);
  return parts;
}
