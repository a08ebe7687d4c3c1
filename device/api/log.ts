/** `/api/v1/log`: how much the daemon's log says, changed while it runs. A restart goes back to the setting. */
import { type Config, LOG_LEVELS } from '../config.ts';
import { bodyFailures, failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

type Level = Config['logLevel'];

const says = (level: Level, what: Level): boolean => LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(what);

export function logRoutes(app: Api, { access, config }: Services): void {
  const setting = config.logLevel;
  let level = setting;

  app.get(
    '/api/v1/log',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'log',
        summary: 'How much the log says',
        response: { 200: named('Log'), ...failures() },
      },
    },
    async () => ({ level, setting }),
  );

  app.put(
    '/api/v1/log',
    {
      config: { access: 'admin', auditsItself: true },
      schema: {
        operationId: 'setLogLevel',
        summary: 'Have the log say more, or less',
        description: 'From now on and until the daemon is started again; for longer, set `logLevel`.',
        body: named('LogRequest'),
        response: { 200: named('Log'), ...bodyFailures() },
      },
    },
    async request => {
      const { who, method, ip, body, routeOptions } = request;
      if (who === undefined) throw new Error('The route names its access, and nobody was admitted.');
      const [from, to] = [level, body.level];
      // The book says which level; that the guard does not know.
      request.auditLine = access.audit.begin({
        who,
        address: ip,
        what: `${method} ${routeOptions.url}`,
        subject: `${from} to ${to}`,
        keptLong: true,
      });
      const told = `The log level goes from ${from} to ${to}; the next start goes back to ${setting}.`;
      if (says(from, 'info')) app.log.info(told);
      level = to;
      app.log.level = to;
      if (!says(from, 'info')) app.log.info(told);
      return { level, setting };
    },
  );
}
