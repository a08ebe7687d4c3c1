/** What staff call the dials, by the model that they named them for: the statements that write it and read it. */
import type { DatabaseSync } from 'node:sqlite';

/** What a dial is called in one language, and its two ends; null where an end has no word. */
export interface StaffWords {
  readonly name: string;
  readonly low: string | null;
  readonly high: string | null;
}

/** By the language's code. */
export type StaffWordsByLanguage = Readonly<Record<string, StaffWords>>;

/** The dials of a model that staff have named, by their dimension. @param encoder SHA-256 of the model's encoder, in hex */
export function staffWordsOf(database: DatabaseSync, encoder: string): Map<number, StaffWordsByLanguage> {
  const rows = database.prepare('SELECT dial, words FROM dial_words WHERE encoder = ?').all(encoder);
  return new Map(rows.map(row => [Number(row.dial), JSON.parse(String(row.words)) as StaffWordsByLanguage]));
}

/** Names a dial; without any words it is called what it was before staff named it. */
export function putStaffWords(
  database: DatabaseSync,
  encoder: string,
  dial: number,
  words: StaffWordsByLanguage,
): void {
  if (Object.keys(words).length === 0) {
    database.prepare('DELETE FROM dial_words WHERE encoder = ? AND dial = ?').run(encoder, dial);
    return;
  }
  database.prepare('INSERT OR REPLACE INTO dial_words VALUES (?, ?, ?)').run(encoder, dial, JSON.stringify(words));
}
