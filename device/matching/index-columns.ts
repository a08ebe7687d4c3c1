/**
 * A store's entries as columns, taken one by one: of an entry its numbers alone are kept, 8 n + 36 bytes and its SKU's, whatever
 * objects it came in.
 */
import { IndexError } from './errors.ts';
import { DIGEST_BYTES } from './index-format.ts';
import type { IndexEntry } from './index-writer.ts';
import type { Gaussians } from './score-tables.ts';
import { compareParts, encodeSku } from './sku-table.ts';

const FIRST_ROWS = 1_024;
const SKU_BYTES = 16;

/** Bytes that grow as they are needed, by half of what they are. */
class Column {
  #bytes: ArrayBuffer;
  length = 0;

  constructor(capacity: number) {
    this.#bytes = new ArrayBuffer(capacity);
  }

  get buffer(): ArrayBuffer {
    return this.#bytes;
  }

  /** Room for so many bytes more. */
  take(bytes: number): Uint8Array {
    const start = this.length;
    this.length += bytes;
    const capacity = this.#bytes.byteLength;
    if (this.length > capacity) this.#bytes = this.#bytes.transfer(Math.max(this.length, capacity + (capacity >> 1)));
    return new Uint8Array(this.#bytes, start, bytes);
  }
}

export class IndexColumns implements Gaussians {
  readonly latentDim: number;
  readonly #mu: Column;
  readonly #sigma: Column;
  readonly #pictures: Column;
  #skus: Column;
  #offsets: Column;
  count = 0;

  /** @param expected how many entries will come, where that is known: no more than a hint */
  constructor(latentDim: number, expected = FIRST_ROWS) {
    this.latentDim = latentDim;
    this.#mu = new Column(4 * latentDim * expected);
    this.#sigma = new Column(4 * latentDim * expected);
    this.#pictures = new Column(DIGEST_BYTES * expected);
    this.#skus = new Column(SKU_BYTES * expected);
    this.#offsets = new Column(4 * (expected + 1));
    this.#offsets.take(4);
  }

  get mu(): Float32Array {
    return new Float32Array(this.#mu.buffer, 0, this.count * this.latentDim);
  }

  get sigma(): Float32Array {
    return new Float32Array(this.#sigma.buffer, 0, this.count * this.latentDim);
  }

  get pictures(): Uint8Array {
    return new Uint8Array(this.#pictures.buffer, 0, this.count * DIGEST_BYTES);
  }

  get skus(): Uint8Array {
    return new Uint8Array(this.#skus.buffer, 0, this.#skus.length);
  }

  get offsets(): Uint32Array {
    return new Uint32Array(this.#offsets.buffer, 0, this.count + 1);
  }

  /** @throws IndexError `content` for an encoding no reader would take, naming the garment */
  add(entry: IndexEntry): void {
    const { latentDim } = this;
    checkLengths(entry, latentDim);
    const sku = encodeSku(entry.sku);
    const [muBytes, sigmaBytes] = [this.#mu.take(4 * latentDim), this.#sigma.take(4 * latentDim)];
    const mu = new Float32Array(muBytes.buffer, muBytes.byteOffset, latentDim);
    const sigma = new Float32Array(sigmaBytes.buffer, sigmaBytes.byteOffset, latentDim);
    mu.set(entry.mu);
    sigma.set(entry.sigma);
    checkNumbers(entry, mu, sigma);
    const picture = this.#pictures.take(DIGEST_BYTES);
    if (entry.pictureSha256 !== undefined) picture.set(entry.pictureSha256);
    this.#skus.take(sku.length).set(sku);
    const offset = this.#offsets.take(4);
    new Uint32Array(offset.buffer, offset.byteOffset, 1)[0] = this.#skus.length;
    this.count += 1;
  }

  /** Puts the entries into ascending order of SKU. @throws IndexError `content` for a SKU that stands twice */
  sort(): void {
    const { count, latentDim, offsets, skus } = this;
    const skuOf = (row: number): Uint8Array => skus.subarray(offsets[row], offsets[row + 1]);
    const compare = (a: number, b: number): number =>
      compareParts(skus, offsets[a]!, offsets[a + 1]!, skus, offsets[b]!, offsets[b + 1]!);
    const order = Uint32Array.from({ length: count }, (_, row) => row);
    let isSorted = true;
    for (let row = 1; row < count && isSorted; row += 1) isSorted = compare(row - 1, row) < 0;
    if (isSorted) return;
    order.sort(compare);
    for (let place = 1; place < count; place += 1) {
      if (compare(order[place - 1]!, order[place]!) !== 0) continue;
      const sku = new TextDecoder().decode(skuOf(order[place]!));
      throw new IndexError('content', `Garment ${sku} stands twice among the entries; expected each SKU once.`);
    }
    this.#sortSkus(order);
    for (const [bytes, length] of [
      [this.#mu, 4 * latentDim],
      [this.#sigma, 4 * latentDim],
      [this.#pictures, DIGEST_BYTES],
    ] as const) {
      permute(new Uint8Array(bytes.buffer, 0, bytes.length), length, order);
    }
  }

  #sortSkus(order: Uint32Array): void {
    const { offsets, skus } = this;
    const sorted = new Column(skus.length);
    const sortedOffsets = new Column(4 * (this.count + 1));
    const places = new Uint32Array(sortedOffsets.take(4 * (this.count + 1)).buffer);
    order.forEach((row, place) => {
      const sku = skus.subarray(offsets[row], offsets[row + 1]);
      sorted.take(sku.length).set(sku);
      places[place + 1] = sorted.length;
    });
    this.#skus = sorted;
    this.#offsets = sortedOffsets;
  }
}

/** Rows of `length` bytes into an order, in place: cycle by cycle. @param order the row that comes to each place */
function permute(bytes: Uint8Array, length: number, order: Uint32Array): void {
  const done = new Uint8Array(order.length);
  const kept = new Uint8Array(length);
  for (let start = 0; start < order.length; start += 1) {
    if (done[start] === 1) continue;
    kept.set(bytes.subarray(start * length, (start + 1) * length));
    let place = start;
    for (let from = order[place]!; from !== start; from = order[place]!) {
      bytes.copyWithin(place * length, from * length, (from + 1) * length);
      done[place] = 1;
      place = from;
    }
    bytes.set(kept, place * length);
    done[place] = 1;
  }
}

function checkLengths({ sku, mu, sigma, pictureSha256 }: IndexEntry, latentDim: number): void {
  if (mu.length !== latentDim || sigma.length !== latentDim) {
    throw new IndexError(
      'content',
      `Garment ${sku} has ${mu.length} means and ${sigma.length} sigmas; expected ${latentDim} each.`,
    );
  }
  if (pictureSha256 !== undefined && pictureSha256.length !== DIGEST_BYTES) {
    throw new IndexError(
      'content',
      `The picture digest of garment ${sku} has ${pictureSha256.length} bytes; expected ${DIGEST_BYTES}.`,
    );
  }
}

function checkNumbers(entry: IndexEntry, mu: Float32Array, sigma: Float32Array): void {
  for (let d = 0; d < mu.length; d += 1) {
    if (!Number.isFinite(mu[d]!) || !(sigma[d]! > 0) || !Number.isFinite(sigma[d]!)) {
      throw new IndexError(
        'content',
        `Garment ${entry.sku} has mu ${entry.mu[d]} and sigma ${entry.sigma[d]} in dimension ${d}; expected finite float32 numbers and a sigma above 0.`,
      );
    }
  }
}
