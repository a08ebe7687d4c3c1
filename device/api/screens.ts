/** `/api/v1/screens/{screen}`: the page on a screen says that it runs, and what started its browser asks when it did last. */
import { Type } from 'typebox';
import { failures, named } from './route-schemas.ts';
import type { Screen } from './screen-schemas.ts';
import type { Api } from './services.ts';

/** Screens that are known of, those heard last: a browser that is started anew has another name. */
const MOST = 32;

const ScreenParams = Type.Object(
  { screen: Type.String({ pattern: '^[\\w-]{1,64}$' }) },
  { additionalProperties: false },
);

/** In memory alone, by a clock that nobody sets. */
export class Screens {
  readonly #now: () => number;
  /** When each was heard last, milliseconds; the one heard last is the last. */
  readonly #heard = new Map<string, number>();

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  hear(screen: string): void {
    this.#heard.delete(screen);
    this.#heard.set(screen, this.#now());
    if (this.#heard.size > MOST) this.#heard.delete(this.#heard.keys().next().value!);
  }

  of(screen: string): Screen {
    const at = this.#heard.get(screen);
    return { heardSecondsAgo: at === undefined ? null : Math.round(this.#now() - at) / 1_000 };
  }
}

export function screenRoutes(app: Api): void {
  const screens = new Screens();

  app.put(
    '/api/v1/screens/:screen',
    {
      config: { access: 'admin', openAtScreen: true },
      schema: {
        operationId: 'tellOfScreen',
        summary: 'The page on a screen runs',
        description:
          'Said by the page itself every five seconds, where its address names the screen. It is kept in memory alone.',
        params: ScreenParams,
        response: { 204: { type: 'null', description: 'It is known.' }, ...failures('origin-not-allowed') },
      },
    },
    async (request, reply) => {
      screens.hear(request.params.screen);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/v1/screens/:screen',
    {
      config: { access: 'admin', openAtScreen: true },
      schema: {
        operationId: 'screen',
        summary: 'When the page on a screen was heard last',
        description: 'For what started its browser: a tab that has crashed or hangs says nothing.',
        params: ScreenParams,
        response: { 200: named('Screen'), ...failures() },
      },
    },
    async request => screens.of(request.params.screen),
  );
}
