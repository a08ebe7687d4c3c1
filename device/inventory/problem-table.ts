/** What is known against garments: the statements that write it and read it, for whoever has the catalogue open. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

/** What is wrong with a picture, by the code of the error that said so. */
export const PICTURE_FAULTS = ['picture-unreadable', 'picture-too-large', 'inference-failed'] as const;
export type PictureFault = (typeof PICTURE_FAULTS)[number];

/** Where a picture was looked for that is not kept, so that it can be looked for again. */
export interface PictureSource {
  /** A store's folder, absolute. */
  readonly folder: string;
  /** Its name there, as the catalogue had it. */
  readonly image: string;
}

/** What is wrong, whichever garment it is about. */
export interface Fault {
  /** A sentence. */
  readonly reason: string;
  /** Left out where nobody noted it: for what is suspicious, and by programs before this was kept. */
  readonly fault?: PictureFault;
  /** Left out where the picture is kept. */
  readonly source?: PictureSource;
}

/** What is known against a garment: it could not be encoded, or its encoding is unlike all others. */
export interface Problem extends Fault {
  readonly sku: string;
  readonly kind: 'not-encoded' | 'suspicious';
}

function problemOf(row: Record<string, SQLOutputValue>): Problem {
  const fault = PICTURE_FAULTS.find(one => one === row.fault);
  const { folder, image } = row;
  return {
    sku: String(row.sku),
    kind: row.kind as Problem['kind'],
    reason: String(row.reason),
    ...(fault === undefined ? {} : { fault }),
    ...(typeof folder === 'string' && typeof image === 'string' ? { source: { folder, image } } : {}),
  };
}

/** In the order of their SKUs. */
export const problemsOf = (database: DatabaseSync): Problem[] =>
  database.prepare('SELECT * FROM problem ORDER BY sku, kind').all().map(problemOf);

/** Why a garment has no encoding; undefined where nothing is known against it. */
export function notEncoded(database: DatabaseSync, sku: string): Problem | undefined {
  const row = database.prepare("SELECT * FROM problem WHERE sku = ? AND kind = 'not-encoded'").get(sku);
  return row === undefined ? undefined : problemOf(row);
}

/** Notes these, in place of what was known of the same kind. Of garments that are not there nothing is noted. */
export function putProblems(database: DatabaseSync, problems: Iterable<Problem>): void {
  const put = database.prepare(
    `INSERT OR REPLACE INTO problem (sku, kind, reason, fault, folder, image)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM garment WHERE sku = ?1)`,
  );
  for (const { sku, kind, reason, fault, source } of problems) {
    put.run(sku, kind, reason, fault ?? null, source?.folder ?? null, source?.image ?? null);
  }
}
