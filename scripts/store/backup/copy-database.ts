/** A SQLite file at one moment, whoever writes to it. */
import { closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Every commit until now and none after it, whoever writes meanwhile; as secret as the first. */
export function copyDatabase(from: string, to: string): void {
  closeSync(openSync(to, 'wx', statSync(from).mode & 0o777));
  const database = new DatabaseSync(from, { timeout: 10_000 });
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
}
