/** Whether a Lookdial daemon answers at an address. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface Place {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

const LIMIT_MS = 5_000;

/** Where one asks what listens everywhere. */
const asked = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host);

/** What answers, in the daemon's own words; undefined where nothing does, or something else. */
export function daemonAt({ scheme, host, port }: Place): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const request = scheme === 'https' ? requestHttps : requestHttp;
  const options = { host: asked(host), port, path: '/healthz', rejectUnauthorized: false, agent: false as const };
  const asking = request(options, answer => {
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(0, 4096);
    });
    answer.on('end', () => resolve(wordsOf(text)));
    answer.on('error', () => resolve(undefined));
  });
  asking.setTimeout(LIMIT_MS, () => asking.destroy());
  asking.on('error', () => resolve(undefined));
  asking.on('close', () => resolve(undefined));
  asking.end();
  return promise;
}

function wordsOf(text: string): string | undefined {
  try {
    const { status, uptimeSeconds, type } = JSON.parse(text) as Record<string, unknown>;
    if (status === 'ok' && typeof uptimeSeconds === 'number') return `for ${uptimeSeconds} s`;
    // Asked at an address of the store's network it says that it does not say.
    if (typeof type === 'string' && type.startsWith('urn:lookdial:error:')) return '';
  } catch {
    // Somebody else's words.
  }
  return undefined;
}
