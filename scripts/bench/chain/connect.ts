/** Where the bench's catalogue is: the server that is named, or PGlite; and its connection file, for a daemon to read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, readConnection } from '../../../device/chain/connection.ts';
import type { Context } from '../suite.ts';
import { startPgliteProcess } from './pglite-process.ts';
import { startTrouble, type Trouble } from './trouble.ts';

export interface Reached {
  readonly connection: Connection;
  /** The connection's file. */
  readonly path: string;
  close(): Promise<void>;
}

function writeConnection(entries: object): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'lookdial-bench-'));
  const path = join(folder, 'chain.json');
  writeFileSync(path, JSON.stringify(entries), { mode: 0o600 });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export async function reachDatabase({ connection: path }: Context): Promise<Reached> {
  if (path !== undefined) return { connection: readConnection(path), path, close: async () => undefined };
  const local = await startPgliteProcess();
  const file = writeConnection(local.entries);
  return {
    connection: readConnection(file.path),
    path: file.path,
    close: async () => {
      await local.close();
      file.remove();
    },
  };
}

/** A connection file that leads to trouble. */
export async function reachTrouble(trouble: Trouble): Promise<Pick<Reached, 'path' | 'close'>> {
  const server = await startTrouble(trouble);
  const { path, remove } = writeConnection({
    host: '127.0.0.1',
    port: server.port,
    database: 'chain',
    user: 'nobody',
    tls: 'off',
  });
  return {
    path,
    close: async () => {
      await server.close();
      remove();
    },
  };
}
