/** The file that says where the chain's catalogue is, and the password that opens it. Nothing of it is ever logged. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { PoolConfig } from 'pg';
import { LookdialError } from '../errors.ts';

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Undefined where the client certificate, or the server's trust, is enough. */
  readonly password: string | undefined;
  /** `verify`: the server's certificate must be good and for this host. `off`: only to this machine itself. */
  readonly tls: 'verify' | 'off';
  /** PEM. */
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** What others than its owner may do with the file. */
const OTHERS = 0o077;
const NAMES = ['host', 'port', 'database', 'user', 'password', 'tls', 'ca', 'certificate', 'key'] as const;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\/.*)$/;

const refuse = (path: string, what: string, cause?: unknown): never => {
  throw new LookdialError('config-invalid', `The chain’s connection file ${path} ${what}`, {
    field: 'chainConnection',
    ...(cause === undefined ? {} : { cause }),
  });
};

/** Errors of JSON quote what they could not read, and that may be the password: they are not passed on. */
function parse(path: string): Record<string, unknown> {
  let written: string;
  try {
    const { mode } = statSync(path);
    if ((mode & OTHERS) !== 0) {
      refuse(path, `can be read by others than its owner (mode ${(mode & 0o777).toString(8)}): chmod 600 ${path}.`);
    }
    written = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof LookdialError) throw error;
    return refuse(path, `cannot be read: ${(error as Error).message}.`, error);
  }
  try {
    const value: unknown = JSON.parse(written);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    return refuse(path, 'is not JSON.');
  }
  return refuse(path, 'must hold one JSON object.');
}

/**
 * Reads a connection file: a JSON object with `host`, `database`, `user` and, where needed, `port`, `password`, `tls`, and the
 * paths `ca`, `certificate` and `key`, relative to the file's own folder.
 * @throws LookdialError `config-invalid`, in a sentence that names the file and the entry and repeats no value of a secret
 */
export function readConnection(path: string): Connection {
  const file = parse(path);
  const unknown = Object.keys(file).find(name => !NAMES.some(known => known === name));
  if (unknown !== undefined) refuse(path, `has an entry ${JSON.stringify(unknown)}; it takes ${NAMES.join(', ')}.`);
  const text = (name: (typeof NAMES)[number], otherwise?: string): string => {
    const value = file[name] ?? otherwise;
    if (typeof value === 'string' && value !== '') return value;
    return refuse(path, `must have a text as ${name}.`);
  };
  const pem = (name: 'ca' | 'certificate' | 'key'): string | undefined => {
    if (file[name] === undefined) return undefined;
    const where = resolve(dirname(path), text(name));
    try {
      return readFileSync(where, 'utf8');
    } catch (cause) {
      return refuse(path, `names ${where} as ${name}, which cannot be read: ${(cause as Error).message}.`, cause);
    }
  };
  const host = text('host');
  const { port = 5432 } = file;
  if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65535) {
    refuse(path, 'must have a whole number from 1 to 65535 as port.');
  }
  const tls = text('tls', 'verify');
  if (tls !== 'verify' && tls !== 'off') return refuse(path, 'must have verify or off as tls.');
  if (tls === 'off' && !LOOPBACK.test(host)) {
    refuse(path, 'has tls off, which sends the password in the clear: that is allowed to this machine alone.');
  }
  return {
    host,
    port: port as number,
    database: text('database'),
    user: text('user'),
    password: file.password === undefined ? undefined : text('password'),
    tls,
    ca: pem('ca'),
    certificate: pem('certificate'),
    key: pem('key'),
  };
}

/** The connection as `pg` takes it. The environment's PG… variables and ~/.pgpass say nothing here. */
export function poolConfig({
  host,
  port,
  database,
  user,
  password,
  tls,
  ca,
  certificate,
  key,
}: Connection): PoolConfig {
  const ssl = {
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
  };
  return { host, port, database, user, password: password ?? '', ssl: tls === 'off' ? false : ssl };
}
