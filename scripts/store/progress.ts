/** How far a long step is: a bar that is drawn over on a terminal, a line now and then anywhere else. */

/** What is needed of `process.stderr`. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
const LINE_MS = 5_000;
/** The rate is that of the last seconds: garments known from before go by at once, and say nothing of the rest. */
const WINDOW_MS = 5_000;
const BAR_CELLS = 24;

export const counted = (count: number): string => count.toLocaleString('en-GB');

/** 8 s, 1 min 20 s, 2 h 5 min. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

export interface ProgressOptions {
  readonly terminal: Terminal;
  /** What is going on, e.g. `Encoding`. */
  readonly label: string;
  /** What is counted, in the plural. */
  readonly unit: string;
  /** Milliseconds that only grow. */
  readonly clock?: () => number;
}

export class Progress {
  readonly #options: ProgressOptions;
  readonly #clock: () => number;
  #samples: { readonly at: number; readonly done: number }[] = [];
  #shown = Number.NEGATIVE_INFINITY;
  #line = '';

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
  }

  update(done: number, total: number): void {
    const now = this.#clock();
    this.#samples.push({ at: now, done });
    const { isTTY } = this.#options.terminal;
    if (now - this.#shown < (isTTY ? REDRAW_MS : LINE_MS)) return;
    this.#shown = now;
    this.#trim(now);
    this.#show(this.#text(done, total));
  }

  /** Takes the bar away, so that what is printed next has the line to itself. */
  end(): void {
    if (this.#options.terminal.isTTY && this.#line !== '') this.#options.terminal.write('\r\u001b[K');
    this.#line = '';
  }

  #trim(now: number): void {
    const first = this.#samples.findIndex(({ at }) => now - at <= WINDOW_MS);
    // One sample from before the window spans it.
    this.#samples = this.#samples.slice(Math.max(first - 1, 0));
  }

  /** Per second; undefined before anything can be said. */
  get #rate(): number | undefined {
    const [oldest] = this.#samples;
    const newest = this.#samples.at(-1);
    if (oldest === undefined || newest === undefined || newest.at - oldest.at < 200) return undefined;
    const rate = ((newest.done - oldest.done) * 1_000) / (newest.at - oldest.at);
    return rate > 0 ? rate : undefined;
  }

  #text(done: number, total: number): string {
    const { label, unit, terminal } = this.#options;
    const share = total === 0 ? 1 : done / total;
    const filled = Math.round(BAR_CELLS * share);
    const parts = [
      label,
      ...(terminal.isTTY ? [`${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}`] : []),
      `${counted(done)} of ${counted(total)}`,
      `${Math.floor(100 * share)} %`,
    ];
    const rate = this.#rate;
    if (rate !== undefined) {
      parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)} ${unit}/s`);
      parts.push(`${duration(((total - done) * 1_000) / rate)} left`);
    }
    return parts.join('  ');
  }

  #show(text: string): void {
    const { terminal } = this.#options;
    this.#line = terminal.isTTY ? text.slice(0, (terminal.columns ?? 80) - 1) : text;
    terminal.write(terminal.isTTY ? `\r${this.#line}\u001b[K` : `${this.#line}\n`);
  }
}
