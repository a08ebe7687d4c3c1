/** Whether the daemon answers at its ports, or could listen there. */
import { createServer } from 'node:net';
import type { Box } from '../box.ts';
import { broken, type Check, type Finding, look, ok, worstOf } from '../check.ts';
import { daemonAt, type Place } from '../daemon.ts';
import { said, sentence } from '../words.ts';

const variable = (name: Setting): string => (name === 'port' ? 'LOOKDIAL_PORT' : 'LOOKDIAL_TLS_PORT');

type Setting = 'port' | 'tlsPort';

/** With TLS, plain HTTP is for the box itself alone. */
export function placesOf({ config }: Pick<Box, 'config'>): (Place & { setting: Setting })[] {
  const { host, port, tls, tlsPort } = config;
  if (tls === 'off') return [{ scheme: 'http', host, port, setting: 'port' }];
  return [
    { scheme: 'http', host: '127.0.0.1', port, setting: 'port' },
    { scheme: 'https', host, port: tlsPort, setting: 'tlsPort' },
  ];
}

/** Listens for a moment. @returns why that cannot be; undefined where it can */
async function refusal({ host, port }: Place): Promise<NodeJS.ErrnoException | undefined> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.ErrnoException | undefined>();
  const server = createServer();
  server.once('error', resolve);
  server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  return promise;
}

async function judge(place: Place & { setting: Setting }): Promise<Finding> {
  const { scheme, host, port, setting } = place;
  const where = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (port === 0) return ok(`The daemon takes any free port at ${host}.`);
  const daemon = await daemonAt(place);
  if (daemon !== undefined) return ok(sentence(`The daemon answers at ${where} ${daemon}`));
  const error = await refusal(place);
  if (error === undefined) return ok(`Nothing listens at ${where}, and the daemon may.`);
  switch (error.code) {
    case 'EADDRINUSE':
      return broken(
        `Another program has ${host}, port ${port}, and the daemon cannot listen there.`,
        `See which (ss -ltnp 'sport = :${port}') and stop it, or set ${variable(setting)}.`,
      );
    case 'EACCES':
      return broken(`This user may not open port ${port}.`, `Set ${variable(setting)} to one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return broken(
        `This machine does not have the address ${host}.`,
        'Set LOOKDIAL_HOST to one that it has (ip address), or to 0.0.0.0.',
      );
    default:
      return look(
        sentence(`Whether the daemon can listen at ${where} could not be told: ${said(error)}`),
        'Look at the network (ip address).',
      );
  }
}

export const ports: Check = {
  name: 'ports',
  about: 'whether the daemon answers at its ports, or could listen there',
  async run(box) {
    return worstOf(await Promise.all(placesOf(box).map(judge)));
  },
};
