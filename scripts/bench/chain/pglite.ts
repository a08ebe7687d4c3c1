/** PostgreSQL with pgvector in this process (PGlite), behind its socket server: the same SQL over the same wire as on a real server. */
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

export interface LocalPostgres {
  readonly database: PGlite;
  /** Entries of a connection file. */
  readonly entries: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly tls: 'off';
  };
  close(): Promise<void>;
}

export async function startPglite(): Promise<LocalPostgres> {
  const database = await PGlite.create({ extensions: { vector } });
  const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port: 0, maxConnections: 16 });
  await server.start();
  const port = Number(server.getServerConn().split(':').at(-1));
  return {
    database,
    entries: { host: '127.0.0.1', port, database: 'postgres', user: 'postgres', tls: 'off' },
    close: async () => {
      await server.stop();
      await database.close();
    },
  };
}
