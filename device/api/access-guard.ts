/**
 * Holds every route to its `access`: a caller has the key or the PIN that the route asks for, or is refused. Closed by construction:
 * a route that could change something and names no access stops the daemon's start, so that none is forgotten.
 */
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Access } from '../access/access.ts';
import { isStaffToken } from '../access/token.ts';
import type { Scope, Who } from '../access/who.ts';
import type { Config } from '../config.ts';
import { type ErrorCode, LookdialError } from '../errors.ts';
import './access.ts';
import { isAtScreen } from './loopback.ts';
import { moreFailures } from './route-schemas.ts';
import type { Api } from './services.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** These change nothing: their question is too long for an address. */
const READS: ReadonlySet<string> = new Set([
  'POST /api/v1/map',
  'POST /api/v1/match',
  'POST /api/v1/generate',
  'POST /api/v1/dial',
  'POST /api/v1/facets',
  'POST /api/v1/goes-with',
  'POST /api/v1/surprise',
  'POST /api/v1/encode',
]);
/** These are how one comes by a key or a session, and ask for the code or the PIN themselves. */
const PROVE_THEMSELVES: ReadonlySet<string> = new Set([
  'POST /api/v1/keys',
  'PUT /api/v1/staff/pin',
  'POST /api/v1/staff/session',
]);
const BEARER = /^Bearer +([\w-]{1,200})$/i;
const REALM = 'Bearer realm="lookdial"';

type Needed = Scope | 'staff' | 'any';

/** What a key opens; `any` is a read where the setting `reads` is `keys`. */
const OPENS: Readonly<Record<Scope, readonly Needed[]>> = {
  watch: ['watch'],
  inventory: ['any', 'inventory'],
  admin: ['any', 'inventory', 'admin', 'watch'],
};

const calls = ({ method, url }: Pick<RouteOptions, 'method' | 'url'>): string[] =>
  [method].flat().map(one => `${one} ${url}`);

const isRead = (route: RouteOptions): boolean =>
  route.url.startsWith('/api/v1/') && !calls(route).some(call => PROVE_THEMSELVES.has(call));

/** @throws Error for a route that may change something and does not say who may: a mistake of ours, found at the start */
function refuseOpenChange(route: RouteOptions): void {
  if (route.config?.access !== undefined) return;
  const open = calls(route).filter(
    call => !SAFE.has(call.split(' ')[0] ?? '') && !READS.has(call) && !PROVE_THEMSELVES.has(call),
  );
  if (open.length === 0) return;
  throw new Error(`${open.join(', ')} may change something, and has no config.access: say who may call it.`);
}

/** Says in the OpenAPI document what a caller must have, and how it is refused. */
function describe(route: RouteOptions): void {
  const { schema } = route;
  const access = route.config?.access;
  if (schema?.response === undefined || (access === undefined && !isRead(route))) return;
  const lacking = access === 'staff' ? 'staff-only' : 'scope-missing';
  const codes: ErrorCode[] = ['key-required', 'key-refused', lacking, 'access-unavailable'];
  const needed = access === 'staff' ? [{ staff: [] }] : [{ key: access === undefined ? [] : [access] }];
  route.schema = {
    ...schema,
    response: moreFailures(schema.response as object, ...codes),
    security: access === undefined || route.config?.openAtScreen ? [{}, ...needed] : needed,
  };
}

/** The token of `Authorization`; undefined where there is no such header. @throws LookdialError `key-refused` for one that is none */
function tokenOf({ headers, raw }: FastifyRequest): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const headersNamed = raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization');
  const [, token] = BEARER.exec(authorization) ?? [];
  if (token !== undefined && headersNamed.length === 1) return token;
  throw new LookdialError('key-refused', 'The header must be one, of the form: Authorization: Bearer KEY.', {
    field: 'authorization',
  });
}

/** Who the request's token belongs to; undefined where it has none. @throws LookdialError `key-refused`, `access-unavailable` */
export function whoAsks(access: Access, request: FastifyRequest): Who | undefined {
  const token = tokenOf(request);
  if (token === undefined) return undefined;
  if (isStaffToken(token)) {
    if (isAtScreen(request) && access.staff.check(token)) return { kind: 'staff' };
    throw new LookdialError('key-refused', 'The staff session is over. Enter the PIN again.', {
      field: 'authorization',
    });
  }
  const key = access.keys.find(token);
  if (key !== undefined) return { kind: 'key', id: key.id, name: key.name, scope: key.scope };
  throw new LookdialError('key-refused', 'Pair anew to get a key: staff start pairing on the screen.', {
    field: 'authorization',
  });
}

/** The least that opens it. */
const scopeFor = (needed: Needed): string => (needed === 'any' ? 'inventory' : needed);

/** @throws LookdialError unless the caller may */
function admit(who: Who | undefined, needed: Needed): void {
  if (who === undefined) {
    throw new LookdialError('key-required', 'Send one as Authorization: Bearer KEY. Pairing on the screen gives one.', {
      field: 'authorization',
    });
  }
  if (who.kind === 'staff' || (who.kind === 'key' && OPENS[who.scope].includes(needed))) return;
  if (needed === 'staff') throw new LookdialError('staff-only', 'No key may do it: enter the PIN at the screen.');
  const next = needed === 'watch' ? 'Make one on the box: npm run keys.' : 'Pair anew, and let staff choose it.';
  throw new LookdialError('scope-missing', `The key must be one for ${scopeFor(needed)}. ${next}`);
}

/** What a refusal must tell, as RFC 6750 has it. */
function challenge(reply: FastifyReply, error: unknown, needed: Needed): void {
  if (!(error instanceof LookdialError)) return;
  if (error.code === 'key-required') reply.header('www-authenticate', REALM);
  if (error.code === 'key-refused') reply.header('www-authenticate', `${REALM}, error="invalid_token"`);
  if (error.code === 'scope-missing') {
    reply.header('www-authenticate', `${REALM}, error="insufficient_scope", scope="${scopeFor(needed)}"`);
  }
}

/**
 * Must be set up before the routes it guards.
 * @throws Error, when such a route is added, for one that may change something and does not say who may
 */
export function guardAccess(app: Api, access: Access, { reads }: Pick<Config, 'reads'>): void {
  app.decorateRequest('who', undefined);
  app.decorateRequest('auditLine', undefined);
  const readable = new Set<string>();

  app.addHook('onRoute', route => {
    refuseOpenChange(route);
    describe(route);
    if (isRead(route)) for (const call of calls(route)) readable.add(call);
  });

  app.addHook('onRequest', async (request, reply) => {
    const { config, url } = request.routeOptions;
    const isClosedRead = reads === 'keys' && readable.has(`${request.method} ${url}`) && !isAtScreen(request);
    const needed: Needed | undefined = config?.access ?? (isClosedRead ? 'any' : undefined);
    if (needed === undefined || (config?.openAtScreen && isAtScreen(request))) return;
    try {
      const who = whoAsks(access, request);
      admit(who, needed);
      request.who = who;
    } catch (error) {
      challenge(reply, error, needed);
      throw error;
    }
  });

  // After the body was found right, before anything is done: a change that cannot be written down is not made.
  app.addHook('preHandler', async request => {
    const { config, url } = request.routeOptions;
    const { who, method, ip } = request;
    if (who === undefined || config?.access === undefined || config.auditsItself || SAFE.has(method)) return;
    const subject = Object.values(request.params as Record<string, string>).join(' ');
    request.auditLine = access.audit.begin({
      who,
      address: ip,
      what: `${method} ${url}`,
      subject: subject === '' ? null : subject,
      keptLong: config.access !== 'inventory',
    });
  });

  // Before the answer is sent: what was answered is in the book, with how it ended.
  app.addHook('onSend', async (request, reply, payload) => {
    const line = request.auditLine;
    if (line !== undefined) {
      request.auditLine = undefined;
      try {
        access.audit.end(line, reply.statusCode);
      } catch (error) {
        request.log.warn({ err: error }, 'How a change ended is not in the audit; that it was made is.');
      }
    }
    return payload;
  });
}
