import type { Match, MatchAnswer, Typicality } from '../../device/api/match-schemas.ts';
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
  /** Everything is there, the dials' ends too: there is time for what was left undone. */
  quiet(): void;
  failed(error: unknown): void;
  /** What is to be seen at the point as it stands. */
  question(): Question;
  /** An edition has answered. */
  answered(edition: string): void;
  /** The two ends of a dial, the others as they stand. */
  endsOf(dial: number): { low: Point; high: Point };
}

/** Least time between two looks at the stock while the hand rests, milliseconds; what the shopper chooses is looked at at once. */
export const LOOK_AGAIN_MS = 500;

/**
 * The accent follows the matches by so much, milliseconds: everything on the page that bears it is drawn anew, which the frame in
 * which the matches hang does not wait for.
 */
export const ACCENT_MS = 50;

/** What is seen of the dialled point: its picture at once, and everything else when the hand rests. */
export class Display {
  readonly #host: DisplayHost;
  readonly #api: Pick<Asked, 'match' | 'dial'>;
  readonly #time: Clock;
  readonly #latest: Latest<Question, DialAnswer>;
  readonly #rest: Rest;
  readonly ends: Ends;
  /** The newest answer since the point moved last. */
  #newest: DialAnswer | undefined;
  #dialsInSight: readonly number[] = [];
  /** The stock has changed since the matches were found. */
  #stale = false;
  #looking = false;
  /** Ends the pause between two looks; undefined where there is none. */
  #endPause: (() => void) | undefined;
  #moves = 0;
  /** Grows with each choice beside the dials. */
  #choice = 0;
  /** What the present shopper has asked. */
  #asked = new WeakSet<Question>();

  picture: Picture | undefined;
  /** What hangs on the rail. */
  matches: readonly Match[] = [];
  typicality: Typicality | undefined;
  accent: Rgb | undefined;
  /** True while everything belongs to the point as it stands. */
  settled = false;

  constructor(api: Asked, time: Clock, host: DisplayHost) {
    this.#host = host;
    this.#api = api;
    this.#time = time;
    this.#rest = new Rest(() => this.#rested(), time);
    this.ends = new Ends(api, () => host.changed());
    this.#latest = new Latest(
      question => api.dial(question),
      (answer, question) => {
        // What was asked for a shopper who has gone is for nobody.
        if (this.#asked.has(question)) this.show(answer);
      },
      error => {
        this.#newest = undefined;
        host.failed(error);
      },
      time,
    );
  }

  /** @param picturesPerSecond how many a drag may ask for at most; null for as many as are answered */
  pace(picturesPerSecond: number | null): void {
    this.#latest.perSecond = picturesPerSecond;
    this.#host.changed();
  }

  get picturesPerSecond(): number | null {
    return this.#latest.perSecond;
  }

  /** The garment nearest to the point as it was seen last. */
  get nearest(): string | undefined {
    return (this.#newest?.answer.matches[0] ?? this.matches[0])?.sku;
  }

  /** Shows a point before anything was. Fails as the API does. */
  async begin(question: Question): Promise<void> {
    this.#asked.add(question);
    const answer = await this.#api.dial(question);
    if (this.#asked.has(question)) this.show(answer);
  }

  /** The shopper has gone: nothing is to be seen of what was dialled. */
  forget(): void {
    this.#asked = new WeakSet();
    this.#moves += 1;
    this.#newest = undefined;
    this.#stale = false;
    this.settled = false;
    this.picture = undefined;
    this.matches = [];
    this.typicality = undefined;
    this.ends.forget();
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
    this.#moves += 1;
    this.#newest = undefined;
    this.ends.stop();
    this.#rest.moved();
    if (question !== undefined) {
      this.#asked.add(question);
      this.#latest.put(question);
    }
    this.#host.changed();
  }

  /** No finger is on a dial any more: nothing is waited for but the answer. */
  lifted(): void {
    this.#rest.lifted();
  }

  /** The stock has changed: the matches are found again as soon as the hand rests, never under a finger that moves. */
  lookAgain(): void {
    this.#stale = true;
    if (this.settled) void this.#look();
  }

  /** The shopper has chosen otherwise beside the dials: the matches are found again at once, or when the hand rests. */
  chosenAnew(): void {
    this.#choice += 1;
    this.#endPause?.();
    this.lookAgain();
  }

  /** Whether what hangs here is being found again, or is to be. */
  get lookingAgain(): boolean {
    return this.#stale || (this.#looking && this.#endPause === undefined);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#stale && this.settled) {
        this.#stale = false;
        const [moves, choice] = [this.#moves, this.#choice];
        const answer = await this.#api.match(this.#host.question());
        // It answers what is not asked any more.
        if (choice !== this.#choice) continue;
        if (moves === this.#moves && this.settled) this.#hang(answer);
        else this.#stale = true;
        await this.#pause();
      }
    } catch (error) {
      this.#host.failed(error);
    } finally {
      this.#looking = false;
    }
  }

  async #pause(): Promise<void> {
    await new Promise<void>(go => {
      this.#endPause = go;
      this.#time.after(LOOK_AGAIN_MS, go);
    });
    this.#endPause = undefined;
  }

  #hang({ matches, typicality, edition }: MatchAnswer): void {
    this.matches = matches;
    this.typicality = typicality;
    this.#host.changed();
    this.#host.settled();
    this.#host.answered(edition);
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
    this.#host.settled();
    this.#nextAccent(picture);
    void this.#fetchEnds();
    if (this.#stale) void this.#look();
  }

  #nextAccent(picture: Picture): void {
    const moves = this.#moves;
    const take = (): void => {
      if (moves !== this.#moves) return;
      const colour = meanColour(picture);
      this.accent = colour === undefined ? undefined : accentFor(colour, PAPER);
      this.#host.changed();
    };
    // There is nothing to see before the first.
    if (this.accent === undefined) take();
    else this.#time.after(ACCENT_MS, take);
  }

  async #fetchEnds(): Promise<void> {
    try {
      if (await this.ends.fetch(this.#dialsInSight, dial => this.#host.endsOf(dial))) this.#host.quiet();
    } catch (error) {
      this.#host.failed(error);
    }
  }
}
