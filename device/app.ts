/** The daemon's HTTP side, built without listening: tests inject into it, main.ts listens. */

import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyReply, type FastifyRequest, type FastifyServerOptions, LogController } from 'fastify';
import { guardAccess } from './api/access-guard.ts';
import { arrivalRoutes } from './api/arrivals.ts';
import { auditRoutes } from './api/audit.ts';
import { callRoutes, pageRoute } from './api/calls.ts';
import { chainRoutes } from './api/chain.ts';
import { dialRoutes } from './api/dial.ts';
import { dialWordRoutes } from './api/dial-words.ts';
import { encodeRoutes } from './api/encode.ts';
import { eventRoutes } from './api/events.ts';
import { facetRoutes } from './api/facets.ts';
import { generateRoutes } from './api/generate.ts';
import { goesWithRoutes } from './api/goes-with.ts';
import { SECURITY_HEADERS, securityHeaders } from './api/headers.ts';
import { HostGuard } from './api/host-guard.ts';
import { InventoryNews } from './api/inventory-news.ts';
import { itemDeleteRoute } from './api/item-delete.ts';
import { itemImageRoutes } from './api/item-images.ts';
import { itemWriteRoutes } from './api/item-write.ts';
import { itemRoutes } from './api/items.ts';
import { keyRoutes } from './api/keys.ts';
import { serveKiosk } from './api/kiosk-page.ts';
import { KnownRoutes } from './api/known-routes.ts';
import { logRoutes } from './api/log.ts';
import { isOnBox } from './api/loopback.ts';
import { mapRoutes } from './api/map.ts';
import { matchRoutes } from './api/match.ts';
import { modelRoutes } from './api/model.ts';
import { describeApi } from './api/openapi.ts';
import { pairingRoutes } from './api/pairings.ts';
import { PROBLEM_TYPE, problem, sendProblem } from './api/problems.ts';
import { limitRates } from './api/rate-limits.ts';
import { NAMED_SCHEMAS } from './api/route-schemas.ts';
import { screenRoutes } from './api/screens.ts';
import type { Api, Services } from './api/services.ts';
import { staffRoutes } from './api/staff.ts';
import { stockRoutes } from './api/stock.ts';
import { stylesRoutes } from './api/styles.ts';
import { surpriseRoutes } from './api/surprise.ts';
import { Turns } from './api/turns.ts';
import { unencodedRoutes } from './api/unencoded.ts';
import { updateRoutes } from './api/updates.ts';
import { validatorCompiler } from './api/validation.ts';
import { type ErrorCode, LookdialError } from './errors.ts';
import { Health } from './health/health.ts';
import type { Machine } from './health/machine.ts';
import { probeRoutes } from './health/probes.ts';

/** Largest JSON body, bytes: the longest request there is has a few thousand. */
const MAX_BODY = 64 * 1024;
/** Pictures that may wait for the decoder, which draws one at a time. */
const MAY_WAIT = 32;
/** Longest time for a whole request to arrive, milliseconds. */
export const REQUEST_MS = 30_000;
/** How long a connection may lie idle between requests, milliseconds. */
export const KEEP_ALIVE_MS = 72_000;

/**
 * What Node refuses before there is a request: too slow, too long, or not HTTP.
 * @returns the error's code; undefined where there was nobody to answer
 */
function refuseConnection(error: Error & { code?: string }, socket: Duplex): ErrorCode | undefined {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return undefined;
  }
  const found = {
    ERR_HTTP_REQUEST_TIMEOUT: new LookdialError('request-timeout', `It must be here within ${REQUEST_MS / 1000} s.`),
    HPE_HEADER_OVERFLOW: new LookdialError('headers-too-large', 'Send fewer or shorter headers: 16 kB in all.'),
  }[error.code ?? ''];
  const refusal = found ?? new LookdialError('invalid-request', 'What was sent is not HTTP.');
  const answer = problem(refusal);
  const body = JSON.stringify(answer);
  socket.end(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n` +
      `Connection: close\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  return refusal.code;
}

function guardEverything(app: Api, { hosts, tls }: Services['config']): void {
  const guard = new HostGuard(hosts);
  app.addHook('onRequest', async (request, reply) => {
    const encrypted = 'encrypted' in request.socket && request.socket.encrypted === true;
    reply.headers(securityHeaders({ trustworthy: encrypted || isOnBox(request), known: encrypted && tls === 'files' }));
    // What somebody dialled is kept by nobody; pictures and the page's files say otherwise for themselves.
    reply.header('cache-control', 'no-store');
    guard.checkHost(request, request.socket);
    guard.checkOrigin(request, request.socket);
  });
}

/** Once the app is told to close, each connection ends with the answer under way on it: kept alive it would hold the end up. */
function letGoOnClose(app: Api): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
}

function answerErrors(app: Api, health: Health): void {
  const routes = new KnownRoutes();
  app.addHook('onRoute', route => routes.add(route));
  app.setErrorHandler((error, request, reply) => health.refused(sendProblem(error, request, reply)));
  const refuse = (request: FastifyRequest, reply: FastifyReply): never => {
    const methods = routes.methodsOf(request.url);
    if (methods.length === 0 || methods.includes(request.method)) {
      throw new LookdialError('not-found', `There is nothing at ${request.url.slice(0, 200)}.`);
    }
    reply.header('allow', methods.join(', '));
    throw new LookdialError('method-not-allowed', `It takes ${methods.join(', ')}, not ${request.method}.`);
  };
  // Before its body is looked at: what is wrong with that is no matter where nothing takes it.
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) refuse(request, reply);
  });
  app.setNotFoundHandler(refuse);
}

/**
 * The app with every route, ready to be injected into or listened on.
 * @param logger Fastify's own option; none where left out
 * @param machine what the box tells of itself; left out, this machine's
 * @throws LookdialError `config-invalid` for a host of the settings that is none
 */
export async function buildApp(
  services: Services,
  logger: FastifyServerOptions['logger'] = false,
  machine?: Machine,
): Promise<Api> {
  const health = new Health(services, machine);
  const app: Api = Fastify({
    logger,
    // Who asked for what is nobody's business: errors alone are logged.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // What is under way when it stops is answered, not turned away.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 512 },
    clientErrorHandler: (error, socket) => health.refused(refuseConnection(error, socket)),
    frameworkErrors: (error, request, reply) => {
      reply.headers(SECURITY_HEADERS);
      health.refused(sendProblem(error, request, reply));
    },
  });
  app.setValidatorCompiler(validatorCompiler(NAMED_SCHEMAS));
  // What a handler made is what is sent: no field is dropped on the way, and the tests hold answers to the document.
  app.setSerializerCompiler(() => JSON.stringify);
  app.removeContentTypeParser('text/plain');
  for (const schema of NAMED_SCHEMAS) app.addSchema(schema);
  guardEverything(app, services.config);
  const limits = await limitRates(app, services.config.requestsPerMinute);
  guardAccess(app, services.access, services.config);
  letGoOnClose(app);
  answerErrors(app, health);
  health.countAnswers(app);
  await describeApi(app, { version: services.version });

  const decoding = new Turns('pictures', 1, MAY_WAIT);
  probeRoutes(app, services);
  modelRoutes(app, services);
  dialWordRoutes(app, services);
  matchRoutes(app, services);
  chainRoutes(app, services);
  generateRoutes(app, services, decoding);
  dialRoutes(app, services, decoding);
  encodeRoutes(app, services);
  itemRoutes(app, services);
  itemImageRoutes(app, services);
  itemDeleteRoute(app, services);
  unencodedRoutes(app, services);
  const photographs = arrivalRoutes(app, services);
  stylesRoutes(app, services);
  mapRoutes(app, services);
  surpriseRoutes(app, services);
  facetRoutes(app, services);
  goesWithRoutes(app, services);
  const news = new InventoryNews(services.events);
  app.addHook('onClose', async () => news.close());
  stockRoutes(app, services, news);
  itemWriteRoutes(app, services, news);
  const listeners = eventRoutes(app, services);
  health.routes(app, { pictures: () => decoding.waiting, photographs, listeners });
  keyRoutes(app, services, limits);
  pairingRoutes(app, services);
  staffRoutes(app, services, limits);
  auditRoutes(app, services);
  logRoutes(app, services);
  updateRoutes(app, services);
  callRoutes(app, services);
  pageRoute(app, services);
  screenRoutes(app);
  await serveKiosk(app, services.ui);
  await app.ready();
  return app;
}
