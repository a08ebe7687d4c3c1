/**
 * Lowers the rate of pictures before the kernel lowers the clocks: a box that draws fewer pictures stays cool and smooth, one that is
 * slowed down in the middle of a drag stutters. The kiosk is told, and keeps to it (ui/lib/latest.ts).
 */
import type { EventHub } from '../events.ts';
import type { Heat, Sensors, Zone } from './sensors.ts';

/** `hot`: near the point where the kernel slows down · `throttled`: there, or slowed down already. */
export type HeatState = 'well' | 'hot' | 'throttled';

/** Most pictures a second that a drag should ask for; null: as many as it likes. */
export const PICTURES_PER_SECOND: Readonly<Record<HeatState, number | null>> = { well: null, hot: 15, throttled: 8 };
/** So near to its limit a zone is hot, kelvin. */
export const NEAR_K = 5;
/** It is well again only so far below its limit: temperatures go up and down with each shopper. */
export const FAR_K = 10;
/** And only when it has been cooler for so long, milliseconds. */
export const CALM_MS = 30_000;
/** How often it is looked, milliseconds: silicon warms by some kelvin in that time at most. */
const LOOK_MS = 3_000;

const STATES: readonly HeatState[] = ['well', 'hot', 'throttled'];

/** Kelvin between the zone that is nearest to its limit and that limit; infinite where no zone has one. */
const roomOf = ({ zones }: Heat): number =>
  Math.min(
    ...zones.map(({ celsius, limitCelsius }) =>
      limitCelsius === undefined ? Number.POSITIVE_INFINITY : limitCelsius - celsius,
    ),
  );

/** What readings one after another come to: up at once, and down a step at a time, late. */
export class HeatLevel {
  #state: HeatState = 'well';
  /** Since when it could have been a step lower. */
  #calmSince: number | undefined;

  get state(): HeatState {
    return this.#state;
  }

  /** @param now milliseconds that only go forward */
  read(heat: Heat, now: number): HeatState {
    const room = roomOf(heat);
    const slowed = heat.throttled.length > 0 || room <= 0;
    const asked: HeatState = slowed ? 'throttled' : room <= NEAR_K ? 'hot' : 'well';
    const level = STATES.indexOf(this.#state);
    if (STATES.indexOf(asked) >= level) {
      this.#state = asked;
      this.#calmSince = undefined;
      return asked;
    }
    // From `throttled` it is enough that nothing is slowed down and the zone has come off its limit.
    const cool = this.#state === 'throttled' ? room > NEAR_K / 2 : room >= FAR_K;
    if (!cool) this.#calmSince = undefined;
    else this.#calmSince ??= now;
    if (this.#calmSince !== undefined && now - this.#calmSince >= CALM_MS) {
      this.#state = STATES[level - 1] ?? 'well';
      this.#calmSince = undefined;
    }
    return this.#state;
  }
}

export interface HeatWatchOptions {
  readonly sensors: Pick<Sensors, 'heat'>;
  readonly events: EventHub;
  readonly log: { info(text: string): void; warn(text: string): void };
  /** How often it is looked, milliseconds; 3,000 unless given. */
  readonly everyMs?: number;
  readonly now?: () => number;
}

/** What it is that makes the box hot, for a person: the zone that is nearest to its limit, and who is slowed down. */
function because({ zones, throttled }: Heat): string {
  const limited = zones.filter(({ limitCelsius }) => limitCelsius !== undefined);
  const room = ({ celsius, limitCelsius = Number.NaN }: Zone): number => limitCelsius - celsius;
  const [nearest] = limited.sort((a, b) => room(a) - room(b));
  const zone =
    nearest && `${nearest.name} is at ${nearest.celsius.toFixed(1)} °C of ${nearest.limitCelsius?.toFixed(1)}`;
  const slowed = throttled.length === 0 ? undefined : `${throttled.join(', ')} slows down`;
  return [zone, slowed].filter(part => part !== undefined).join('; ') || 'no zone tells a temperature';
}

export class HeatWatch {
  readonly #options: HeatWatchOptions;
  readonly #level = new HeatLevel();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: HeatWatchOptions) {
    this.#options = options;
    this.#again(0);
  }

  get state(): HeatState {
    return this.#level.state;
  }

  get picturesPerSecond(): number | null {
    return PICTURES_PER_SECOND[this.state];
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #again(wait: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(
      () => void this.#look().finally(() => this.#again(this.#options.everyMs ?? LOOK_MS)),
      wait,
    );
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const { sensors, events, log, now = () => performance.now() } = this.#options;
    const before = this.state;
    const heat = await sensors.heat();
    if (this.#closed) return;
    const state = this.#level.read(heat, now());
    if (state === before) return;
    const { picturesPerSecond } = this;
    if (state === 'well') log.info(`The box has cooled down: pictures come as fast as they can. ${because(heat)}.`);
    else log.warn(`The box is ${state}: a drag gets ${picturesPerSecond} pictures a second. ${because(heat)}.`);
    events.publish({ type: 'health', data: { state, picturesPerSecond } });
  }
}
