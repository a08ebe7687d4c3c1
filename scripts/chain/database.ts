/** A chain's database for the commands that fill it: one connection, and sentences for what goes wrong. */
import pg, { type Client } from 'pg';
import { OLDEST_PGVECTOR, SCHEMA_VERSION } from '../../device/chain/chain-schema.ts';
import { type Connection, poolConfig } from '../../device/chain/connection.ts';
import { failureSentence } from '../../device/chain/failures.ts';
import { LookdialError, sentenceOf } from '../../device/errors.ts';

export type Database = Client;

const CONNECT_MS = 10_000;
/** @param where host, port and database; never the user or the password */
function sentence(where: string, error: unknown): LookdialError {
  if (error instanceof LookdialError) return error;
  const told = failureSentence(error) ?? sentenceOf(error);
  return new LookdialError('chain-unavailable', `The chain’s catalogue ${where}: ${told}`, { cause: error });
}

/**
 * Runs `work` on a connection, and closes it.
 * @throws LookdialError `chain-unavailable` for whatever the database refused
 */
export async function withDatabase<T>(connection: Connection, work: (database: Database) => Promise<T>): Promise<T> {
  const { host, port, database: name } = connection;
  const database = new pg.Client({
    ...poolConfig(connection),
    application_name: 'lookdial chain',
    connectionTimeoutMillis: CONNECT_MS,
  });
  // A connection that breaks is told to the query under way.
  database.on('error', () => undefined);
  try {
    await database.connect();
    return await work(database);
  } catch (error) {
    throw sentence(`${name} at ${host}:${port}`, error);
  } finally {
    await database.end().catch(() => undefined);
  }
}

/** All of it or nothing. */
export async function inTransaction<T>(database: Database, work: () => Promise<T>): Promise<T> {
  await database.query('BEGIN');
  try {
    const result = await work();
    await database.query('COMMIT');
    return result;
  } catch (error) {
    await database.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

const numbersIn = (version: string): number[] => version.split('.').map(Number);

/** @throws LookdialError `chain-unavailable` where the catalogue is not there, or is another program's age */
export async function checkVersions(database: Database): Promise<void> {
  const vector = await database.query<{ extversion: string }>(
    `SELECT extversion FROM pg_extension WHERE extname = 'vector'`,
  );
  const got = vector.rows[0]?.extversion;
  const [major = 0, minor = 0] = numbersIn(got ?? '0');
  const [oldestMajor = 0, oldestMinor = 0] = numbersIn(OLDEST_PGVECTOR);
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new LookdialError(
      'chain-unavailable',
      `The database has ${got === undefined ? 'no pgvector' : `pgvector ${got}`}, and ${OLDEST_PGVECTOR} or newer is needed.`,
    );
  }
  const { rows } = await database.query<{ number: number }>('SELECT number FROM lookdial.version');
  const number = rows[0]?.number;
  if (number !== SCHEMA_VERSION) {
    throw new LookdialError(
      'chain-unavailable',
      `The catalogue’s tables are of version ${number}, and this program’s are of ${SCHEMA_VERSION}: use the program that made them, or a newer one.`,
    );
  }
}
