/** Whether each garment's picture is in the state folder. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE_DATABASE } from '../../../device/inventory/catalogue.ts';
import { picturePath } from '../../../device/inventory/picture-files.ts';
import { type Check, look, notHere, ok } from '../check.ts';
import { readDatabase } from '../read-database.ts';
import { count, said, sentence } from '../words.ts';

/** Garments that are named. */
const MOST = 5;

interface Row {
  readonly sku: string;
  readonly hash: string | null;
  readonly type: string | null;
}

const isThere = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;

export const pictures: Check = {
  name: 'pictures',
  about: 'whether the picture of each garment is there',
  async run({ config: { data } }) {
    const path = join(data, CATALOGUE_DATABASE);
    if (!existsSync(path)) return notHere('There is no catalogue, and so no pictures.', 'See the check databases.');
    let rows: Row[];
    let unencoded: number;
    try {
      [rows, unencoded] = readDatabase(path, database => [
        database
          .prepare('SELECT sku, picture_hash AS hash, picture_type AS type FROM garment ORDER BY sku')
          .all() as unknown as Row[],
        Number(database.prepare("SELECT count(*) AS n FROM problem WHERE kind = 'not-encoded'").get()?.n),
      ]);
    } catch (error) {
      return look(sentence(`The garments cannot be read: ${said(error)}`), 'See the check databases.');
    }
    const pictured = rows.flatMap(({ sku, hash, type }) =>
      hash === null || type === null ? [] : [{ sku, hash, type }],
    );
    const missing = pictured.filter(one => !isThere(picturePath(data, one))).map(({ sku }) => sku);
    const bare = rows.length - pictured.length;
    const measured = { garments: rows.length, missing: missing.length, withoutPicture: bare, notEncoded: unencoded };
    const also = `${count(bare, 'garment has none', 'garments have none')}, and ${count(unencoded, 'could not be encoded', 'could not be encoded')}`;
    if (missing.length > 0) {
      const named = missing.slice(0, MOST).join(', ');
      return look(
        `${count(missing.length, 'picture is missing', 'pictures are missing')} of ${pictured.length.toLocaleString('en')}: that of ${named}${missing.length > MOST ? ' and others' : ''}; ${also}.`,
        'Index the store again (npm run index -- --store FOLDER), or photograph them again.',
        { measured },
      );
    }
    return ok(`All ${count(pictured.length, 'picture')} of ${count(rows.length, 'garment')} are there; ${also}.`, {
      measured,
    });
  },
};
