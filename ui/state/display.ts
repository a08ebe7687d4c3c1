import type { Match, Typicality } from '../../device/api/schemas.ts';
import { accentFor, meanColour, type Rgb } from '../lib/accent.ts';
import type { Asked, Point, Question } from '../lib/api.ts';
import type { DialAnswer, Picture } from '../lib/dial-answer.ts';
import { Latest } from '../lib/latest.ts';
import { type Clock, Rest } from '../lib/rest.ts';
import { PAPER } from '../styles/paper.ts';
import { Ends } from './ends.ts';

interface DisplayHost {
  /** Something to be seen has changed. */
  changed(): void;
  /** An answer has been shown. */
  shown(answer: DialAnswer): void;
  /** The hand rests, and everything is what it should be. */
  settled(): void;
  failed(error: unknown): void;
  /** The two ends of a dial, the others as they stand. */
  endsOf(dial: number): { low: Point; high: Point };
}

/** What is seen of the dialled point: its picture at once, and everything else when the hand rests. */
export class Display {
  readonly #host: DisplayHost;
  readonly #latest: Latest<Question, DialAnswer>;
  readonly #rest: Rest;
  readonly ends: Ends;
  /** The newest answer since the point moved last. */
  #newest: DialAnswer | undefined;
  #dialsInSight: readonly number[] = [];

  picture: Picture | undefined;
  /** What hangs on the rail. */
  matches: readonly Match[] = [];
  typicality: Typicality | undefined;
  accent: Rgb | undefined;
  /** True while everything belongs to the point as it stands. */
  settled = false;

  constructor(api: Asked, time: Clock, host: DisplayHost) {
    this.#host = host;
    this.#rest = new Rest(() => this.#rested(), time);
    this.ends = new Ends(api, () => host.changed());
    this.#latest = new Latest(
      question => api.dial(question),
      answer => this.show(answer),
      error => {
        this.#newest = undefined;
        host.failed(error);
      },
    );
  }

  get dialsInSight(): readonly number[] {
    return this.#dialsInSight;
  }

  /** @param indices The dials that can be seen: their end pictures are kept up to date. */
  showDials(indices: readonly number[]): void {
    this.#dialsInSight = indices;
    if (this.settled) void this.#fetchEnds();
  }

  /** The point has moved. @param question What is to be seen now; undefined while nobody is there to ask. */
  moved(question: Question | undefined): void {
    this.settled = false;
    this.#newest = undefined;
    this.ends.stop();
    this.#rest.moved();
    if (question !== undefined) this.#latest.put(question);
    this.#host.changed();
  }

  show(answer: DialAnswer): void {
    this.#newest = answer;
    this.picture = answer.picture;
    if (this.#rest.resting && !this.#latest.behind) this.#settle(answer);
    this.#host.changed();
    this.#host.shown(answer);
  }

  #rested(): void {
    // An answer that is still on its way settles when it comes.
    if (!this.#latest.idle || this.#newest === undefined) return;
    this.#settle(this.#newest);
    this.#host.changed();
  }

  #settle({ picture, answer }: DialAnswer): void {
    this.settled = true;
    this.matches = answer.matches;
    this.typicality = answer.typicality;
    const colour = meanColour(picture);
    this.accent = colour === undefined ? undefined : accentFor(colour, PAPER);
    this.#host.settled();
    void this.#fetchEnds();
  }

  async #fetchEnds(): Promise<void> {
    try {
      await this.ends.fetch(this.#dialsInSight, dial => this.#host.endsOf(dial));
    } catch (error) {
      this.#host.failed(error);
    }
  }
}
