/** Tells a method that an address does not take (405) from an address that is not one (404). */
import type { RouteOptions } from 'fastify';

interface Known {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** `/items/:sku/image` as a pattern of whole addresses; a colon that is one is written twice. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split('/')
      .map(part => (/^:\w+$/.test(part) ? '[^/]+' : RegExp.escape(part.replaceAll('::', ':'))))
      .join('/')}$`,
  );

export class KnownRoutes {
  readonly #routes = new Map<string, Known>();

  /** Notes a route; addresses that take anything (`*`) are not ones of ours. */
  add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    if (url.includes('*')) return;
    const known = this.#routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const one of [method].flat()) known.methods.add(one);
    this.#routes.set(url, known);
  }

  /** The methods an address takes, in the order of the alphabet; none where there is no such address. */
  methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    const methods = [...this.#routes.values()].filter(one => one.pattern.test(path)).flatMap(one => [...one.methods]);
    return [...new Set(methods)].sort();
  }
}
