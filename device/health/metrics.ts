/**
 * What the daemon counts of itself for Prometheus. On the way from the finger to the pixel it costs a clock reading and an addition
 * a step (`npm run bench -- metrics`); everything else is read when it is scraped. docs/watching.md tells the operator of each.
 */
import { Counter, Histogram, Registry } from 'prom-client';
import { STEPS, type Step, type StepTimes } from '../api/step-times.ts';
import { ERRORS, type ErrorCode } from '../errors.ts';

/** Bounds of the histograms, seconds: a frame of the screen is 0.0166, and what takes a tenth of a second is felt. */
const BOUNDS = [0.001, 0.002, 0.004, 0.008, 0.016, 0.033, 0.066, 0.133, 0.25, 0.5, 1, 2.5, 5, 10];

/** The calls whose time is told apart, by their routes: those that somebody waits for in front of the screen. */
const CALLS: ReadonlyMap<string | undefined, string> = new Map([
  ['/api/v1/dial', 'dial'],
  ['/api/v1/match', 'match'],
  ['/api/v1/generate', 'generate'],
  ['/api/v1/encode', 'encode'],
  ['/api/v1/items/:sku/image', 'image'],
]);
/** It lasts as long as somebody listens. */
const ENDLESS = '/api/v1/events';

type Observe = (seconds: number) => void;

/** A histogram with one label, its series made once: looked up by name, an observation would take twice as long. */
function histogram<Name extends string>(
  registry: Registry,
  { name, help, label, values }: { name: string; help: string; label: string; values: readonly Name[] },
): (value: Name) => Observe {
  const all = new Histogram({ name, help, labelNames: [label], buckets: BOUNDS, registers: [registry] });
  for (const value of values) all.zero({ [label]: value });
  const series = new Map(values.map(value => [value, all.labels(value)] as const));
  return value => {
    const one = series.get(value);
    if (one === undefined) throw new RangeError(`${name} has no ${label} ${value}.`);
    return seconds => one.observe(seconds);
  };
}

export class Metrics {
  readonly registry = new Registry();
  readonly #calls: ReadonlyMap<string | undefined, Observe>;
  readonly #other: Observe;
  readonly #refused: Counter<'code'>;

  constructor(times: StepTimes) {
    const stepOf = histogram(this.registry, {
      name: 'lookdial_step_seconds',
      help: 'Time of one step of an answer, its queue included',
      label: 'step',
      values: STEPS,
    });
    const steps = Object.fromEntries(STEPS.map(step => [step, stepOf(step)])) as Record<Step, Observe>;
    times.onStep((step, milliseconds) => steps[step](milliseconds / 1_000));
    const callOf = histogram(this.registry, {
      name: 'lookdial_request_seconds',
      help: 'Time from a request to the end of its answer, of requests that were answered well',
      label: 'call',
      values: [...CALLS.values(), 'other'],
    });
    this.#calls = new Map([...CALLS].map(([route, call]) => [route, callOf(call)]));
    this.#other = callOf('other');
    this.#refused = new Counter({
      name: 'lookdial_refused_total',
      help: 'Requests that were answered with an error, by its code',
      labelNames: ['code'],
      registers: [this.registry],
    });
    for (const code of Object.keys(ERRORS)) this.#refused.inc({ code }, 0);
  }

  /** @param route as the app names it, e.g. `/api/v1/items/:sku` */
  answered(route: string | undefined, status: number, milliseconds: number): void {
    if (status >= 400 || route === ENDLESS) return;
    (this.#calls.get(route) ?? this.#other)(milliseconds / 1_000);
  }

  refused(code: ErrorCode): void {
    this.#refused.inc({ code });
  }
}
