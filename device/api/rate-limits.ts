/** How much one address may ask. The box itself may ask as it likes: the kiosk's drags are many, and nobody else comes that way. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { LookdialError } from '../errors.ts';
import { isOnBox } from './loopback.ts';
import type { Api } from './services.ts';
import { SteadyCounts } from './steady-counts.ts';

/** Counted in spans of this length, milliseconds, so that whoever was refused waits no longer. */
const SPAN_MS = 10_000;
const SPANS_A_MINUTE = 60_000 / SPAN_MS;
/** Tries of a code or a PIN, a minute. */
const TRIES_A_MINUTE = 10;

/** Refuses a request when its address has had its share. */
type Limit = (request: FastifyRequest) => Promise<void>;

export interface Limits {
  /** For calls that try a code or a PIN. */
  readonly tries: Limit;
}

async function limiter(
  app: Api,
  max: number,
  timeWindow: number,
  counts: (request: FastifyRequest) => boolean,
): Promise<Limit> {
  const count = app.createRateLimit({ max, timeWindow });
  return async request => {
    if (!counts(request)) return;
    const seen = await count(request);
    if (seen.isAllowed || !seen.isExceeded) return;
    throw new LookdialError('too-many-requests', `Ask again in ${seen.ttlInSeconds} s.`, {
      retryAfter: Math.max(1, seen.ttlInSeconds),
    });
  };
}

/** Limits every request to the app, and gives the stricter ones that some calls have beside. */
export async function limitRates(app: Api, requestsPerMinute: number): Promise<Limits> {
  // IPv6 is counted by its /64: one machine has as many addresses of it as it likes.
  await app.register(rateLimit, { global: false, store: SteadyCounts });
  const every = await limiter(
    app,
    Math.ceil(requestsPerMinute / SPANS_A_MINUTE),
    SPAN_MS,
    request => !isOnBox(request),
  );
  app.addHook('onRequest', every);
  return { tries: await limiter(app, TRIES_A_MINUTE, 60_000, () => true) };
}
