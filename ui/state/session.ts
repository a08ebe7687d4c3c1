import type { Model } from '../../device/api/model-schemas.ts';
import { ApiError, type Asked, DaemonGone, type Point, type Question } from '../lib/api.ts';
import type { Picture } from '../lib/dial-answer.ts';
import { type Clock, clock } from '../lib/rest.ts';
import type { StoreNews } from '../lib/store-events.ts';
import { Display } from './display.ts';
import { Elsewhere } from './elsewhere.ts';
import { type Frames, Glide } from './glide.ts';
import { History } from './history.ts';
import { Shop } from './shop.ts';

/** Garments on the rail. */
const MATCHES = 14;

interface Place {
  /** Settings of all dials, in z's order; beyond the range where a garment lies there. */
  readonly dials: readonly number[];
  readonly kind: string | undefined;
}

/** One step of the shopper's way. */
export interface Look extends Place {
  readonly picture: Picture | undefined;
}

/** A point of the model, and the kind to draw it as where it is another than now. */
interface Found {
  readonly z: readonly number[];
  readonly kind?: string | undefined;
}

/** What one shopper does at the screen, in memory only. Says `change` whenever something to be seen has changed. */
export class Session extends EventTarget {
  readonly #api: Asked;
  readonly #shop: Shop;
  readonly #glide: Glide;
  readonly display: Display;
  /** The chain's other stores, where the box knows of any. */
  readonly elsewhere: Elsewhere;
  #home: Place = { dials: [], kind: undefined };
  #task = 0;

  /** The code of what went wrong last, until the next thing is done. */
  trouble: string | undefined;
  /** Whether the shopper has done anything yet. */
  begun = false;
  dials: readonly number[] = [];
  kind: string | undefined;
  history: History<Look> | undefined;

  constructor(api: Asked, frames: Frames, time: Clock = clock) {
    super();
    const changed = (): void => this.#changed();
    this.#api = api;
    this.#shop = new Shop(api, time, changed);
    this.#glide = new Glide(frames);
    this.elsewhere = new Elsewhere(api, changed);
    this.display = new Display(api, time, {
      changed,
      shown: ({ answer }) => void this.#follow(answer.edition),
      answered: edition => void this.#follow(edition),
      question: () => this.#question(),
      settled: () => this.#settled(),
      failed: error => this.failed(error),
      endsOf: dial => this.#endsOf(dial),
    });
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
      this.display.show(await this.#api.dial(this.#question()));
      // A dial that was turned meanwhile.
      if (asked !== this.dials) this.display.moved(this.#question());
    });
  }

  /** The store is not what it was: what hangs here is looked at again where it may be concerned. */
  heard({ skus, more }: StoreNews): void {
    if (this.connection !== 'here') return;
    const hangs = this.display.matches.some(({ sku }) => skus.includes(sku));
    if (more || hangs) this.display.lookAgain();
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
    if (this.display.settled) this.#remember();
    this.#changed();
  }

  reset(): void {
    this.#began();
    this.kind = this.#home.kind;
    this.#goTo(this.#home.dials);
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
    return this.#does(async () => {
      const { sku, z } = await this.#api.surprise(this.kind);
      return this.kind === undefined ? { z, ...(await this.#kindOf(sku)) } : { z };
    });
  }

  /** The garment itself, on the dials. */
  startFrom(sku: string): Promise<void> {
    return this.#does(async () => {
      const [{ mu }, kind] = await Promise.all([this.#api.posterior(sku), this.#kindOf(sku)]);
      return { z: mu, ...kind };
    });
  }

  /** What a model that is told the kind must be told to draw a garment; nothing where it is told none, or not this one. */
  async #kindOf(sku: string): Promise<{ kind?: string }> {
    const known = this.model?.conditions?.categories;
    if (known === undefined) return {};
    const { category } = await this.#api.item(sku);
    return category !== null && known.includes(category) ? { kind: category } : {};
  }

  /** Shows one kind alone, beginning with its garment nearest to what is dialled; undefined shows every kind. */
  choose(kind: string | undefined): Promise<void> {
    return this.#does(async () => {
      this.kind = kind;
      this.#changed();
      return kind === undefined ? undefined : this.#nearest();
    });
  }

  async #nearest(): Promise<Found | undefined> {
    const { matches } = await this.#api.match({ ...this.#question(), k: 1 });
    return matches[0] === undefined ? undefined : { z: (await this.#api.posterior(matches[0].sku)).mu };
  }

  /** @param find Says where to go; undefined to stay. */
  async #does(find: () => Promise<Found | undefined>): Promise<void> {
    this.#began();
    const task = this.#task;
    try {
      const found = await find();
      // A later tap, or a finger on a dial, goes before an answer that comes late.
      if (task !== this.#task) return;
      if (found?.kind !== undefined) this.kind = found.kind;
      this.#goTo(found === undefined ? this.dials : (this.#shop.map?.toDials(found.z) ?? this.dials));
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
    this.display.moved(this.connection === 'here' ? this.#question() : undefined);
  }

  /** Another edition may have answered: its dials and kinds may be others. */
  async #follow(edition: string): Promise<void> {
    try {
      await this.#shop.refresh(edition);
      await this.#enter();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Dials for a model of another size are other dials: the shopper begins anew. */
  async #enter(): Promise<void> {
    const { model } = this;
    if (model === undefined || this.dials.length === model.latentDim) return;
    this.#home = await this.#firstGarment(model);
    this.dials = this.#home.dials;
    this.kind = this.#home.kind;
    this.history = new History<Look>({ dials: this.dials, kind: this.kind, picture: undefined });
  }

  /** A garment of the store to begin with: in the middle of all dials, between all kinds, lies none. */
  async #firstGarment(model: Model): Promise<Place> {
    const middle = new Array<number>(model.latentDim).fill(0);
    try {
      const { sku } = await this.#api.surprise(undefined);
      const { kind } = await this.#kindOf(sku);
      return { dials: this.#shop.map?.toDials((await this.#api.posterior(sku)).mu) ?? middle, kind };
    } catch (error) {
      if (error instanceof ApiError) return { dials: middle, kind: model.conditions?.default };
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

  #endsOf(dial: number): { low: Point; high: Point } {
    const range = this.model?.range ?? 0;
    return {
      low: this.#pointAt(this.dials.with(dial, -range)),
      high: this.#pointAt(this.dials.with(dial, range)),
    };
  }

  #stands(look: Look): boolean {
    return look.kind === this.kind && look.dials.every((value, at) => value === this.dials[at]);
  }

  /** Everything on the screen belongs to what is dialled. */
  #settled(): void {
    this.#remember();
    if (this.model?.chain) this.elsewhere.ask(this.#question());
  }

  /** The present look's picture is there: it goes on the thread. */
  #remember(): void {
    const present = this.history?.present;
    if (present === undefined || !this.#stands(present)) return;
    this.history?.amend({ ...present, picture: this.display.picture });
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
