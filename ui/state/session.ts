import type { Model } from '../../device/api/model-schemas.ts';
import { ApiError, type Asked, DaemonGone, type Point, type Question } from '../lib/api.ts';
import { filterOf, NO_FILTERS, without } from '../lib/filters.ts';
import { type Clock, clock } from '../lib/rest.ts';
import { isAbout, type StoreNews } from '../lib/store-events.ts';
import { Choosing } from './choosing.ts';
import { Display } from './display.ts';
import { Elsewhere } from './elsewhere.ts';
import { Finder, type Found } from './finder.ts';
import type { Frames } from './glide.ts';
import { GoesWith } from './goes-with.ts';
import { Kept } from './kept.ts';
import { type Choices, NO_CHOICES } from './look.ts';
import { Passed } from './passed.ts';
import { Shelf } from './shelf.ts';
import { OF_ANOTHER_MODEL, Shop } from './shop.ts';
import { Way } from './way.ts';
import { Widening } from './widening.ts';

/** Garments on the rail. */
const MATCHES = 14;

/** What one shopper does at the screen, in memory only. Says `change` whenever something to be seen has changed. */
export class Session extends Way {
  readonly #api: Asked;
  readonly #shop: Shop;
  readonly #finder: Finder;
  readonly display: Display;
  /** The chain's other stores, where the box knows of any. */
  readonly elsewhere: Elsewhere;
  /** Garments of other kinds that go with what is dialled. */
  readonly goesWith: GoesWith;
  /** What there is to choose among. */
  readonly choosing: Choosing;
  readonly widening: Widening;
  readonly kept = new Kept();
  readonly shelf: Shelf;
  readonly #passed: Passed;
  /** The model whose points the dials are; empty before there is one. */
  #space = '';
  /** Which shopper this is since the page was opened: what is looked at beside ends with them. */
  shopper = 1;
  /** Whether the kinds are shown, to choose one. */
  picking = true;
  /** The task that waits for its answer. */
  #waiting: number | undefined;

  constructor(api: Asked, frames: Frames, time: Clock = clock) {
    super(frames);
    const changed = (): void => this.changed();
    this.#api = api;
    this.#shop = new Shop(api, time, changed);
    this.#finder = new Finder(api, this.#shop);
    this.elsewhere = new Elsewhere(api, changed);
    this.goesWith = new GoesWith(api, changed);
    this.choosing = new Choosing(api, time, changed);
    this.widening = new Widening(api, changed);
    this.shelf = new Shelf(api, this.kept, changed);
    this.#passed = new Passed(api, this, ({ dials, kind }) => this.#finder.pointAt(dials, kind));
    this.kept.addEventListener('change', () => {
      const { garments } = this.kept;
      if (garments !== this.choices.kept) this.change({ kept: garments });
    });
    this.display = new Display(api, time, {
      changed,
      shown: ({ answer }) => void this.#follow(answer.edition),
      answered: edition => void this.#follow(edition),
      question: () => this.#question(),
      settled: () => this.#settled(),
      quiet: () => void this.#passed.fetch(),
      failed: error => this.failed(error),
      endsOf: dial => this.#endsOf(dial),
    });
  }

  get model(): Model | undefined {
    return this.#shop.model;
  }

  override get busy(): boolean {
    return this.#waiting === this.task || super.busy;
  }

  get connection(): Shop['connection'] {
    return this.#shop.connection;
  }

  /** Waits for the daemon for as long as it takes, then shows the garment as it is dialled. */
  async start(): Promise<void> {
    await this.#shop.reach(() => this.#begin());
  }

  async #begin(): Promise<void> {
    await this.#enter();
    if (this.picking) this.choosing.watch(this.#filter());
    const asked = this.dials;
    await this.display.begin(this.#question());
    // A dial that was turned meanwhile.
    if (asked !== this.dials) this.display.moved(this.#question());
  }

  /** The shopper has gone: nothing of theirs is left in memory, and the next one begins. */
  forget(): void {
    this.shopper += 1;
    this.kept.wipe();
    this.leave();
    this.#space = '';
    this.picking = true;
    for (const part of [this.shelf, this.goesWith, this.widening, this.choosing, this.display]) part.forget();
    this.elsewhere.leave();
    this.changed();
    if (this.connection === 'here') this.#begin().catch(error => this.failed(error));
  }

  /** The store is not what it was: what hangs here is looked at again where it may be concerned. */
  heard(news: StoreNews): void {
    if (this.connection !== 'here') return;
    if (news.edition) void this.#follow(undefined);
    if (isAbout(news, this.display.matches)) this.display.lookAgain();
    if (isAbout(news, this.goesWith.matches)) this.goesWith.askAgain();
    this.shelf.heard(news);
    this.choosing.heard();
  }

  /** A point of a garment in stock, never of an empty place between garments; dials that are locked stay. */
  surprise(): Promise<void> {
    return this.#does(async () => {
      const { locked } = this.choices;
      const held = locked.length === 0 ? {} : { locked: [...locked], z: [...this.#question().z] };
      const { sku, z } = await this.#api.surpriseWithin({ filter: this.#filter(), ...held });
      return this.kind === undefined ? { z, ...(await this.#finder.kindOf(sku)) } : { z };
    });
  }

  /** The garment itself, on the dials. */
  startFrom(sku: string): Promise<void> {
    return this.#does(() => this.#finder.garment(sku));
  }

  /** Shows one kind alone, beginning with its garment nearest to what is dialled; undefined shows every kind. */
  choose(kind: string | undefined): Promise<void> {
    this.pick(false);
    return this.#does(async () => {
      this.kind = kind;
      this.goesWith.forget();
      this.changed();
      return kind === undefined ? undefined : this.#finder.nearest(this.#question());
    }, this.begun);
  }

  /** Shows the kinds, or puts them away again. */
  pick(picking: boolean): void {
    this.picking = picking;
    this.watchChoices(picking);
    this.changed();
  }

  /** Counts what each choice would leave, as long as somebody looks. */
  watchChoices(watched: boolean): void {
    if (watched) this.choosing.watch(this.#filter());
    else this.choosing.unwatch();
  }

  /** Takes away the room of the filter that keeps the nearest garment out. */
  widen(): void {
    const { wider } = this.widening;
    if (wider === undefined) return;
    this.change({ filters: wider === 'all' ? NO_FILTERS : without(this.choices.filters, wider) });
  }

  /** Begins a walk from what is dialled to a garment; the kind stays, and so does what is locked. */
  blendWith(sku: string): Promise<void> {
    return this.#asks(async () => {
      const { z } = await this.#finder.garment(sku);
      return () => this.beginBlend(sku, this.#finder.toDials(z) ?? this.dials);
    });
  }

  /** @param find Says where to go; undefined to stay. */
  #does(find: () => Promise<Found | undefined>, begun = true): Promise<void> {
    return this.#asks(async () => {
      const found = await find();
      return () => {
        if (found?.kind !== undefined) this.kind = found.kind;
        this.goTo(this.unlocked((found && this.#finder.toDials(found.z)) ?? this.dials));
      };
    }, begun);
  }

  /** @param ask What it resolves to is done, unless a later tap, or a finger on a dial, came before the answer. */
  async #asks(ask: () => Promise<() => void>, begun = true): Promise<void> {
    this.began(begun);
    const { task } = this;
    this.#waiting = task;
    try {
      const go = await ask();
      if (task === this.task) go();
    } catch (error) {
      if (task === this.task) this.failed(error);
    } finally {
      if (this.#waiting === task) this.#waiting = undefined;
    }
  }

  protected override moved(): void {
    this.widening.forget();
    this.#passed.stop();
    this.display.moved(this.connection === 'here' ? this.#question() : undefined);
  }

  protected override rechosen(before: Choices): void {
    const { kept, filters, mattering } = this.choices;
    this.kept.put(kept);
    if (filters === before.filters && mattering === before.mattering) return;
    this.widening.forget();
    if (this.choosing.watched) this.choosing.watch(this.#filter());
    this.display.chosenAnew();
  }

  /** Another edition may have answered, or does surely where none is named: its dials and kinds may be others. */
  async #follow(edition: string | undefined): Promise<void> {
    try {
      await this.#shop.refresh(edition);
      await this.#enter();
    } catch (error) {
      this.failed(error);
    }
  }

  /** The points of another model mean other garments: the shopper goes on from the one nearest to what was dialled. */
  async #enter(): Promise<void> {
    const { model } = this;
    if (model === undefined) return;
    const space = `${model.bundle.id}@${model.bundle.version}/${model.latentDim}`;
    if (space === this.#space) return;
    const before = this.#space;
    this.#space = space;
    const anchor = before === '' ? undefined : this.display.nearest;
    const home = await this.#finder.beginning(anchor);
    if (this.#space !== space) return;
    const { filters, kept } = this.choices;
    this.settle(home, before === '' ? NO_CHOICES : { ...NO_CHOICES, filters, kept });
    if (before !== '') this.moved();
  }

  #filter(): ReturnType<typeof filterOf> {
    return filterOf(this.kind, this.choices.filters);
  }

  #question(): Question {
    const filter = this.#filter();
    const on = this.choices.mattering;
    return {
      ...this.#finder.pointAt(this.dials, this.kind),
      k: MATCHES,
      ...(Object.keys(filter).length === 0 ? {} : { filter }),
      ...(on.length === 0 ? {} : { on }),
    };
  }

  #endsOf(dial: number): { low: Point; high: Point } {
    const range = this.model?.range ?? 0;
    const at = (value: number): Point => this.#finder.pointAt(this.dials.with(dial, value), this.kind);
    return { low: at(-range), high: at(range) };
  }

  /** Everything on the screen belongs to what is dialled. */
  #settled(): void {
    this.remember(this.display.picture);
    const { on: _on, ...question } = this.#question();
    const { kind } = this;
    if (this.model?.chain) this.elsewhere.ask(question);
    this.goesWith.ask({ z: [...question.z], ...(kind === undefined ? {} : { category: kind }) });
    void this.widening.look(this.#question(), kind, this.choices.filters, this.display.matches[0]);
  }

  /** Takes note of what the API threw; anything else is thrown again. */
  failed(error: unknown): void {
    if (error instanceof DaemonGone) {
      if (this.connection === 'here') void this.start();
    } else if (error instanceof ApiError) {
      if (OF_ANOTHER_MODEL.has(error.code)) void this.#renew(error);
      else this.#say(error);
    } else {
      throw error;
    }
  }

  /** What was asked is none of the model's points: another model may serve, of which nobody has told yet. */
  async #renew(error: ApiError): Promise<void> {
    const before = this.model?.edition;
    await this.#follow(undefined);
    if (this.model?.edition === before) this.#say(error);
  }

  #say({ code }: ApiError): void {
    this.trouble = code;
    this.changed();
  }
}
