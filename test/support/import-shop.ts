import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Bundle } from '../../device/inference/bundle.ts';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import { openCatalogue } from '../../device/inventory/catalogue-schema.ts';
import { type ImportOptions, importStore } from '../../device/inventory/import-store.ts';
import { EncodingIndex } from '../../device/matching/index-file.ts';
import { ownModel } from './bundles.ts';
import { csvText, drawPicture, temporaryFolder } from './store.ts';
import { FakeInference, temporaryBundle } from './store-model.ts';

export const LIMITS = { maxPicturePixels: 1_000_000, maxPictureBytes: 200_000 };
export const HEADER = ['sku', 'image', 'title', 'price', 'currency', 'sizes', 'season'];

export class Shop {
  readonly root: string;
  readonly bundle: Bundle;
  readonly inference: FakeInference;

  private constructor(root: string, bundle: Bundle) {
    this.root = root;
    this.bundle = bundle;
    this.inference = new FakeInference(bundle);
  }

  static async open(t: TestContext, model = ownModel(), pictures = 8): Promise<Shop> {
    const shop = new Shop(await temporaryFolder(t), await temporaryBundle(t, model));
    await mkdir(shop.pictures);
    for (let seed = 0; seed < pictures; seed++) await shop.draw(`p${seed}.png`, seed);
    return shop;
  }

  get data(): string {
    return join(this.root, 'state');
  }

  get pictures(): string {
    return join(this.root, 'pictures');
  }

  async draw(name: string, seed: number): Promise<void> {
    await writeFile(join(this.pictures, name), await drawPicture(seed));
  }

  async write(rows: readonly (readonly string[])[], header = HEADER): Promise<string> {
    const path = join(this.root, 'stock.csv');
    await writeFile(path, csvText([header, ...rows]));
    return path;
  }

  async import(rows: readonly (readonly string[])[], options: Partial<ImportOptions> & { header?: string[] } = {}) {
    const { header, ...more } = options;
    const catalogue = await this.write(rows, header);
    const { data, pictures, bundle, inference } = this;
    return importStore({ catalogue, pictures, data, bundle, inference, ...LIMITS, ...more });
  }

  /** What is in the state folder now. */
  look<T>(what: (catalogue: Catalogue) => T): T {
    const catalogue = Catalogue.open(join(this.data, 'catalogue.sqlite'));
    try {
      return what(catalogue);
    } finally {
      catalogue.close();
    }
  }

  sizes(sku: string): string | undefined {
    return this.look(one =>
      one
        .item(sku)
        ?.sizes?.map(({ name, quantity }) => `${name}:${quantity}`)
        .join(' '),
    );
  }

  async index(): Promise<EncodingIndex> {
    const { encoderDigest, manifest } = this.bundle;
    const bytes = await readFile(join(this.data, 'encodings.index'));
    return EncodingIndex.open(bytes, { encoderDigest, latentDim: manifest.latentDim });
  }

  async skus(): Promise<string[]> {
    const index = await this.index();
    return Array.from({ length: index.count }, (_, row) => index.sku(row));
  }

  /** What the till does. */
  sell(sku: string, size: string, quantity: number): void {
    const database = openCatalogue(join(this.data, 'catalogue.sqlite'), false);
    database.prepare('UPDATE size SET quantity = ? WHERE sku = ? AND name = ?').run(quantity, sku, size);
    database.close();
  }
}

export const row = (place: number, over: Partial<Record<string, string>> = {}): string[] => {
  const fields = {
    sku: `s${place}`,
    image: `p${place}.png`,
    title: `Garment ${place}`,
    price: '19.90',
    currency: 'EUR',
    sizes: 'S:3 M:1',
    season: 'summer',
    ...over,
  };
  return HEADER.map(name => fields[name as keyof typeof fields] ?? '');
};
export const rows = (count: number): string[][] => Array.from({ length: count }, (_, place) => row(place));
