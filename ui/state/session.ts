import type { Match, Model, Typicality } from '../../device/api/schemas.ts';
import { accentFor, meanColour, type Rgb } from '../lib/accent.ts';
import { ApiError, type Asked, DaemonGone, type Point, type Question } from '../lib/api.ts';
import type { DialAnswer, Picture } from '../lib/dial-answer.ts';
import { Latest } from '../lib/latest.ts';
import { type Clock, clock, Rest } from '../lib/rest.ts';
import { PAPER } from '../styles/paper.ts';
import { Ends } from './ends.ts';
import { type Frames, Glide } from './glide.ts';
import { History } from './history.ts';
import { Shop } from './shop.ts';

/** Garments on the rail. */
const MATCHES = 14;

/** One step of the shopper's way. */
export interface Look {
  /** Settings of all dials, in z's order; beyond the range where a garment lies there. */
  readonly dials: readonly number[];
  readonly kind: string | undefined;
  readonly picture: Picture | undefined;
}

/** What one shopper does at the screen, in memory only. Says `change` whenever something to be seen has changed. */
export class Session extends EventTarget {
  readonly #api: Asked;
  readonly #shop: Shop;
  readonly #glide: Glide;
  readonly #latest: Latest<Question, DialAnswer>;
  readonly #rest: Rest;
  readonly ends: Ends;
  #newest: DialAnswer | undefined;
  #home: readonly number[] = [];
  #task = 0;

  /** The code of what went wrong last, until the next thing is done. */
  trouble: string | undefined;
  /** Whether the shopper has done anything yet. */
  begun = false;
  dials: readonly number[] = [];
  kind: string | undefined;
  history: History<Look> | undefined;
  picture: Picture | undefined;
  /** What hangs on the rail; it follows the garment only while the hand rests. */
  matches: readonly Match[] = [];
  typicality: Typicality | undefined;
  accent: Rgb | undefined;
  /** Dials whose end pictures are kept up to date. */
  dialsInSight: readonly number[] = [];
  /** True while everything on the screen belongs to the garment as it stands. */
  settled = false;

  constructor(api: Asked, frames: Frames, time: Clock = clock) {
    super();
    const changed = (): void => this.#changed();
    this.#api = api;
    this.#shop = new Shop(api, time, changed);
    this.#glide = new Glide(frames);
    this.#rest = new Rest(() => this.#rested(), time);
    this.ends = new Ends(api, changed);
    this.#latest = new Latest(
      question => api.dial(question),
      shown => this.#show(shown),
      error => this.failed(error),
    );
  }

  get model(): Model | undefined {
    return this.#shop.model;
  }

  get connection(): Shop['connection'] {
    return this.#shop.connection;
  }

  /** Waits for the daemon for as long as it takes, then shows the garment as it is dialled. */
  async start(): Promise<void> {
    await this.#shop.reach(async () => {
      await this.#enter();
      const asked = this.dials;
      this.#show(await this.#api.dial(this.#question()));
      // A dial that was turned meanwhile.
      if (asked !== this.dials) this.#latest.put(this.#question());
    });
  }

  /** @param indices The dials that can be seen. */
  showDials(indices: readonly number[]): void {
    this.dialsInSight = indices;
    if (this.settled) void this.#fetchEnds();
  }

  /** A finger moves a dial. */
  turn(index: number, value: number): void {
    this.#began();
    this.dials = this.dials.with(index, value);
    this.#moved();
  }

  /** The finger has left the dial: the look becomes a step that can be undone. */
  commit(): void {
    const present = this.history?.present;
    if (present === undefined || this.#stands(present)) return;
    this.history?.push({ dials: this.dials, kind: this.kind, picture: undefined });
    if (this.settled) this.#remember();
    this.#changed();
  }

  reset(): void {
    this.#began();
    this.kind = undefined;
    this.#goTo(this.#home);
  }

  undo(): void {
    this.#revisit(this.history?.undo());
  }

  redo(): void {
    this.#revisit(this.history?.redo());
  }

  revisit(step: number): void {
    this.#revisit(this.history?.goTo(step));
  }

  /** A point of a garment in stock, never of an empty place between garments. */
  surprise(): Promise<void> {
    return this.#does(async () => (await this.#api.surprise(this.kind)).z);
  }

  /** The garment itself, on the dials. */
  startFrom(sku: string): Promise<void> {
    return this.#does(async () => (await this.#api.posterior(sku)).mu);
  }

  /** Shows one kind alone, beginning with its garment nearest to what is dialled; undefined shows every kind. */
  choose(kind: string | undefined): Promise<void> {
    return this.#does(async () => {
      this.kind = kind;
      this.#changed();
      return kind === undefined ? undefined : this.#nearest();
    });
  }

  async #nearest(): Promise<readonly number[] | undefined> {
    const { matches } = await this.#api.match({ ...this.#question(), k: 1 });
    return matches[0] === undefined ? undefined : (await this.#api.posterior(matches[0].sku)).mu;
  }

  /** @param point Says in z where to go; undefined to stay. */
  async #does(point: () => Promise<readonly number[] | undefined>): Promise<void> {
    this.#began();
    const task = this.#task;
    try {
      const z = await point();
      // A later tap, or a finger on a dial, goes before an answer that comes late.
      if (task !== this.#task) return;
      this.#goTo(z === undefined ? this.dials : (this.#shop.map?.toDials(z) ?? this.dials));
    } catch (error) {
      if (task === this.#task) this.failed(error);
    }
  }

  #revisit(look: Look | undefined): void {
    if (look === undefined) return;
    this.#began();
    this.kind = look.kind;
    this.#glideTo(look.dials);
  }

  #goTo(dials: readonly number[]): void {
    const look = { dials, kind: this.kind, picture: undefined };
    const present = this.history?.present;
    const stays = present?.kind === look.kind && present?.dials.every((value, at) => value === dials[at]);
    if (!stays) this.history?.push(look);
    this.#glideTo(dials);
  }

  #glideTo(dials: readonly number[]): void {
    this.#glide.run(this.dials, dials, point => {
      this.dials = point;
      this.#moved();
    });
  }

  #began(): void {
    this.begun = true;
    this.trouble = undefined;
    this.#task += 1;
    this.#glide.stop();
  }

  #moved(): void {
    this.settled = false;
    this.ends.stop();
    this.#rest.moved();
    if (this.connection === 'here') this.#latest.put(this.#question());
    this.#changed();
  }

  /** Dials for a model of another size are other dials: the shopper begins anew. */
  async #enter(): Promise<void> {
    const { model } = this;
    if (model === undefined || this.dials.length === model.latentDim) return;
    this.#home = await this.#firstGarment(model);
    this.dials = this.#home;
    this.history = new History<Look>({ dials: this.dials, kind: this.kind, picture: undefined });
  }

  /** A garment of the store to begin with: in the middle of all dials, between all kinds, lies none. */
  async #firstGarment(model: Model): Promise<readonly number[]> {
    const middle = new Array<number>(model.latentDim).fill(0);
    try {
      const { sku } = await this.#api.surprise(undefined);
      return this.#shop.map?.toDials((await this.#api.posterior(sku)).mu) ?? middle;
    } catch (error) {
      if (error instanceof ApiError) return middle;
      throw error;
    }
  }

  #pointAt(dials: readonly number[]): Point {
    const { kind, model } = this;
    const condition =
      kind !== undefined && model?.conditions?.categories.includes(kind) ? { condition: { category: kind } } : {};
    return { z: this.#shop.map?.toZ(dials) ?? [...dials], ...condition };
  }

  #question(): Question {
    const filter = this.kind === undefined ? {} : { filter: { categories: [this.kind] } };
    return { ...this.#pointAt(this.dials), k: MATCHES, ...filter };
  }

  #show(shown: DialAnswer): void {
    this.#newest = shown;
    this.picture = shown.picture;
    if (this.#rest.resting && !this.#latest.behind) this.#settle(shown);
    this.#changed();
    this.#shop
      .refresh(shown.answer.edition)
      .then(() => this.#enter())
      .catch(error => this.failed(error));
  }

  #rested(): void {
    if (!this.#latest.idle || this.#newest === undefined || this.connection !== 'here') return;
    this.#settle(this.#newest);
    this.#changed();
  }

  /** The hand rests and the picture is the dials': everything else may follow now. */
  #settle({ picture, answer }: DialAnswer): void {
    this.settled = true;
    this.matches = answer.matches ?? [];
    this.typicality = answer.typicality;
    const colour = meanColour(picture);
    this.accent = colour === undefined ? undefined : accentFor(colour, PAPER);
    this.#remember();
    void this.#fetchEnds();
  }

  #stands(look: Look): boolean {
    return look.kind === this.kind && look.dials.every((value, at) => value === this.dials[at]);
  }

  #remember(): void {
    const present = this.history?.present;
    if (present === undefined || !this.#stands(present)) return;
    this.history?.amend({ ...present, picture: this.picture });
  }

  async #fetchEnds(): Promise<void> {
    const range = this.model?.range ?? 0;
    try {
      await this.ends.fetch(this.dialsInSight, dial => ({
        low: this.#pointAt(this.dials.with(dial, -range)),
        high: this.#pointAt(this.dials.with(dial, range)),
      }));
    } catch (error) {
      this.failed(error);
    }
  }

  /** Takes note of what the API threw; anything else is thrown again. */
  failed(error: unknown): void {
    if (error instanceof DaemonGone) {
      if (this.connection === 'here') void this.start();
    } else if (error instanceof ApiError) {
      this.trouble = error.code;
      this.#changed();
    } else {
      throw error;
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
