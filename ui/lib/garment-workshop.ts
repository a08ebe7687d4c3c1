import { type Made, make, type Order } from './garment-order.ts';
import type { Delivered, Ordered } from './garment-worker.ts';
import address from './garment-worker.ts?worker&url';

interface Policies {
  createPolicy(
    name: string,
    rules: { createScriptURL(written: string): string },
  ): { createScriptURL(written: string): string };
}

/** The page's security policy lets a worker come from an address that this policy has seen, and this is its only one. */
function trusted(): string {
  const policies = Reflect.get(globalThis, 'trustedTypes') as Policies | undefined;
  return (
    policies?.createPolicy('lookdial-worker', { createScriptURL: () => address }).createScriptURL(address) ?? address
  );
}

interface Open {
  readonly order: Order;
  readonly done: (made: Made) => void;
}

/** Makes garments ready to be drawn beside the page, so that no finger waits for it; in the page where there can be no worker. */
class Workshop {
  #worker: Worker | undefined;
  /** There is no worker to be had. */
  #alone = false;
  readonly #open = new Map<number, Open>();
  #orders = 0;

  /** Whether nothing is being made. */
  get idle(): boolean {
    return this.#open.size === 0;
  }

  make(order: Order): Promise<Made> {
    if (!this.#alone) this.#worker ??= this.#hire();
    if (this.#worker === undefined) return Promise.resolve(make(order));
    const { promise, resolve } = Promise.withResolvers<Made>();
    const ordered: Ordered = { number: ++this.#orders, order };
    this.#open.set(ordered.number, { order, done: resolve });
    this.#worker.postMessage(ordered);
    return promise;
  }

  #hire(): Worker | undefined {
    try {
      const worker = new Worker(trusted(), { type: 'module' });
      worker.addEventListener('message', ({ data: { number, made } }: MessageEvent<Delivered>) => {
        this.#open.get(number)?.done(made);
        this.#open.delete(number);
      });
      worker.addEventListener('error', () => this.#goOnAlone());
      return worker;
    } catch {
      this.#goOnAlone();
      return undefined;
    }
  }

  #goOnAlone(): void {
    this.#alone = true;
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { order, done } of this.#open.values()) done(make(order));
    this.#open.clear();
  }
}

export const workshop = new Workshop();
