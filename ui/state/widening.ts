import type { Match } from '../../device/api/match-schemas.ts';
import { ApiError, type Asked, DaemonGone, type Question } from '../lib/api.ts';
import { type Filters, filterOf, NO_FILTERS, type Room, roomsChosen, without } from '../lib/filters.ts';

/** What a tap would take away: one room of the filter, or all where no single one helps. */
export type Wider = Room | 'all';

/** Where nothing close passes the filters: finds the one that keeps the nearest garment out. */
export class Widening {
  readonly #api: Pick<Asked, 'match'>;
  readonly #changed: () => void;
  #round = 0;

  wider: Wider | undefined;

  constructor(api: Pick<Asked, 'match'>, changed: () => void) {
    this.#api = api;
    this.#changed = changed;
  }

  /** Another point, or other filters: what was found holds no more. */
  forget(): void {
    this.#round += 1;
    this.wider = undefined;
  }

  /**
   * Looks once without each room of the filter.
   * @param first what is nearest with all of them; undefined where nothing passes
   */
  async look(question: Question, kind: string | undefined, filters: Filters, first: Match | undefined): Promise<void> {
    this.forget();
    const round = this.#round;
    const rooms = roomsChosen(filters);
    if (rooms.length === 0 || (first !== undefined && first.nearness !== 'nothing-close')) return;
    const found = await this.#each(
      question,
      kind,
      rooms.map(room => without(filters, room)),
    );
    let best: { wider: Wider; likelihood: number } | undefined;
    for (const [at, match] of found.entries()) {
      if (match === undefined || match.sku === first?.sku) continue;
      if (best === undefined || match.logLikelihood > best.likelihood) {
        best = { wider: rooms[at]!, likelihood: match.logLikelihood };
      }
    }
    if (best === undefined && first === undefined && rooms.length > 1) {
      const [any] = await this.#each(question, kind, [NO_FILTERS]);
      if (any !== undefined) best = { wider: 'all', likelihood: any.logLikelihood };
    }
    if (round !== this.#round) return;
    this.wider = best?.wider;
    this.#changed();
  }

  async #each(question: Question, kind: string | undefined, all: readonly Filters[]): Promise<(Match | undefined)[]> {
    try {
      const answers = all.map(filters => this.#api.match({ ...question, k: 1, filter: filterOf(kind, filters) }));
      return (await Promise.all(answers)).map(({ matches }) => matches[0]);
    } catch (error) {
      if (error instanceof ApiError || error instanceof DaemonGone) return [];
      throw error;
    }
  }
}
