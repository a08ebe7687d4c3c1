/** What is known of how the daemon and its machine are, and the calls that tell it. */

import type { Api, Services } from '../api/services.ts';
import type { ErrorCode } from '../errors.ts';
import { EventLoopDelay } from './event-loop-delay.ts';
import { daemonGauges, type Queues } from './gauges.ts';
import { Machine } from './machine.ts';
import { machineGauges } from './machine-gauges.ts';
import { Metrics } from './metrics.ts';
import { systemRoutes } from './system.ts';

export class Health {
  readonly #services: Services;
  readonly #machine: Machine;
  readonly #metrics: Metrics;

  /** @param machine left out, the one that this runs on */
  constructor(services: Services, machine = new Machine({ sysfs: '/sys', data: services.config.data })) {
    this.#services = services;
    this.#machine = machine;
    this.#metrics = new Metrics(services.times);
  }

  /** @param code of the error that a request was answered with; undefined where nobody was there to answer */
  refused(code: ErrorCode | undefined): void {
    if (code !== undefined) this.#metrics.refused(code);
  }

  /** Counts how long each request takes from now on; before the routes are added. */
  countAnswers(app: Api): void {
    app.addHook('onResponse', (request, reply, done) => {
      this.#metrics.answered(request.routeOptions.url, reply.statusCode, reply.elapsedTime);
      done();
    });
  }

  routes(app: Api, queues: Queues): void {
    const loop = new EventLoopDelay();
    app.addHook('onClose', async () => loop.close());
    const { registry } = this.#metrics;
    daemonGauges(registry, this.#services, queues, loop);
    machineGauges(registry, this.#machine);
    systemRoutes(app, this.#services, registry, this.#machine);
  }
}
