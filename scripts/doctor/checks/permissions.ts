/** Whether files that hold secrets are for the daemon's user alone. Nothing is read of them. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import type { Box } from '../box.ts';
import { broken, type Check, type Finding, look, notHere, ok, worstOf } from '../check.ts';
import { count, said, sentence } from '../words.ts';

/** What others than the owner may do. */
const OTHERS = 0o077;

interface Secret {
  readonly path: string;
  readonly what: string;
  /** It is in the state folder, where the daemon must be able to write it. */
  readonly inState?: true;
  /** The daemon does not start while others may read it. */
  readonly strict?: true;
}

const secretsOf = ({ config }: Box): Secret[] => [
  ...['', '-wal', '-shm'].map(end => ({
    path: join(config.data, `${ACCESS_DATABASE}${end}`),
    what: 'The file of keys',
    inState: true as const,
  })),
  ...(config.tls === 'files' ? [{ path: config.tlsKey, what: 'The certificate’s private key' }] : []),
  ...(config.chainConnection === ''
    ? []
    : [{ path: config.chainConnection, what: 'The chain’s connection file', strict: true as const }]),
];

function judge({ path, what, inState, strict }: Secret, data: string): Finding[] {
  if (!existsSync(path)) return [];
  try {
    const { mode, uid } = statSync(path);
    const written = (mode & 0o777).toString(8).padStart(4, '0');
    if ((mode & OTHERS) !== 0) {
      const found = `${what} ${path} can be read or written by others than its owner (mode ${written}).`;
      return [(strict ? broken : look)(found, `chmod 600 ${path}`)];
    }
    const owner = inState ? statSync(data).uid : uid;
    if (uid !== owner) {
      const found = `${what} ${path} belongs to user ${uid}, and its folder to user ${owner}: the daemon cannot open it.`;
      return [broken(found, `chown ${owner} ${path}`)];
    }
    return [ok(`${path} is for its owner alone (mode ${written}).`)];
  } catch (error) {
    return [
      look(sentence(`${path} cannot be looked at: ${said(error)}`), 'Run this as the user that the daemon runs as.'),
    ];
  }
}

export const permissions: Check = {
  name: 'permissions',
  about: 'whether files that hold keys and passwords are for their owner alone',
  async run(box) {
    const found = secretsOf(box).flatMap(secret => judge(secret, box.config.data));
    if (found.length === 0) return notHere('There is no file that holds a secret yet.');
    const worst = worstOf(found);
    if (worst.verdict !== 'ok') return worst;
    return ok(`${count(found.length, 'file')} with keys or passwords, each for its owner alone.`, {
      detail: found.map(one => one.found),
    });
  },
};
