import type { StaffWordsByLanguage } from '../../device/api/dial-word-schemas.ts';
import type { Dial, Model } from '../../device/api/model-schemas.ts';
import type { Asked, Point } from '../lib/api.ts';
import type { Picture } from '../lib/dial-answer.ts';
import { type DialDraft, draftOf, type Field, nameless, sameWords, withText, wordsOf } from '../lib/dial-draft.ts';
import { Latest } from '../lib/latest.ts';
import { type Clock, clock } from '../lib/rest.ts';
import { inWindowOrder } from '../lib/say.ts';
import type { StaffAsked } from '../lib/staff-api.ts';
import { type Trouble, troubleFrom } from '../lib/trouble.ts';
import type { Language } from '../locales/index.ts';
import { Ends } from './ends.ts';
import { Finder, type Found } from './finder.ts';
import { Shop } from './shop.ts';

export interface NamingAsked {
  readonly shop: Asked;
  readonly nameDial: StaffAsked['nameDial'];
}

/** Staff name a dial while they turn it and see what it does. Says `change` whenever something to be seen has changed. */
export class Naming extends EventTarget {
  readonly #api: NamingAsked;
  readonly #refused: (error: unknown) => boolean;
  readonly #shop: Shop;
  readonly #finder: Finder;
  readonly #pictures: Latest<Point, Picture>;
  /** Pictures of the dials' ends on the garment that is shown. */
  readonly ends: Ends;
  /** What is under way for a dial that was left is let go. */
  #question = 0;
  /** The garment that is shown, on the dials. */
  #home: readonly number[] = [];
  #kind: string | undefined;
  /** What the dial was called before it was saved last, to go back to. */
  #before: StaffWordsByLanguage | undefined;

  step: 'away' | 'choose' | 'dial' = 'away';
  dial: Dial | undefined;
  /** How far it is turned. */
  value = 0;
  picture: Picture | undefined;
  language: Language = 'en';
  field: Field = 'name';
  draft: DialDraft = draftOf({});
  saving = false;
  /** It has been saved, and nothing changed since. */
  saved = false;
  trouble: Trouble | undefined;

  /** @param refused is told of each error first; it returns true where the whole page changes for it */
  constructor(api: NamingAsked, refused: (error: unknown) => boolean, time: Clock = clock) {
    super();
    this.#api = api;
    this.#refused = refused;
    this.#shop = new Shop(api.shop, time, () => this.#changed());
    this.#finder = new Finder(api.shop, this.#shop);
    this.ends = new Ends(api.shop, () => this.#changed());
    this.#pictures = new Latest(
      point => api.shop.generate(point),
      picture => {
        this.picture = picture;
        this.#changed();
      },
      error => this.#failed(error),
    );
  }

  get model(): Model | undefined {
    return this.#shop.model;
  }

  /** Where the dial stands in the shop window, from 1. */
  get position(): number {
    return inWindowOrder(this.model?.dials ?? []).findIndex(({ index }) => index === this.dial?.index) + 1;
  }

  /** The words as they would be saved. */
  get words(): StaffWordsByLanguage {
    return wordsOf(this.draft);
  }

  get isChanged(): boolean {
    return this.dial !== undefined && !sameWords(this.words, this.dial.words);
  }

  /** There is something to save, and a name wherever there is a word for an end. */
  get canSave(): boolean {
    return !this.saving && this.isChanged && nameless(this.draft).length === 0;
  }

  get canUndo(): boolean {
    return !this.saving && (this.isChanged || nameless(this.draft).length > 0 || this.#before !== undefined);
  }

  /** Staff have words of their own for it. */
  get canForget(): boolean {
    return !this.saving && this.dial !== undefined && Object.keys(this.dial.words).length > 0;
  }

  /** Shows the dials, to choose one; what was not saved is let go. @param language that staff speak: the first to be written in */
  async open(language: Language): Promise<void> {
    this.language = language;
    this.step = 'choose';
    this.#leaveDial();
    if (!(await this.#ask(() => this.#shop.refresh(undefined)))) return;
    if (this.step !== 'choose' || this.model === undefined) return;
    if (!(await this.#ask(async () => this.#stand(await this.#finder.beginning())))) return;
    await this.#ask(() => this.#fetchEnds((this.model?.dials ?? []).map(({ index }) => index)));
  }

  close(): void {
    this.step = 'away';
    this.#leaveDial();
    this.picture = undefined;
    this.ends.forget();
    this.#changed();
  }

  /** Turns to a dial: on a garment that has what it turns. */
  async choose(index: number): Promise<void> {
    const dial = this.model?.dials.find(one => one.index === index);
    if (dial === undefined) return;
    this.#leaveDial();
    this.step = 'dial';
    this.dial = dial;
    this.draft = draftOf(dial.words);
    this.value = this.#home[index] ?? 0;
    this.#show();
    const { kinds } = dial;
    if (kinds !== null && !(this.#kind !== undefined && kinds.includes(this.#kind))) await this.otherGarment();
    else await this.#ask(() => this.#fetchEnds([index]));
  }

  /** The same dial on another garment of the store. */
  async otherGarment(): Promise<void> {
    const { dial } = this;
    if (dial === undefined) return;
    const found = await this.#ask(async () => {
      const { sku } = await this.#api.shop.surprise(dial.kinds?.[0]);
      const garment = await this.#finder.garment(sku);
      if (this.dial?.index !== dial.index) return;
      this.#stand(garment);
      this.value = this.#home[dial.index] ?? 0;
      this.#show();
    });
    if (found) await this.#ask(() => this.#fetchEnds([dial.index]));
  }

  /** The dial is turned. */
  turn(value: number): void {
    this.value = value;
    this.#show();
  }

  speak(language: Language): void {
    this.language = language;
    this.field = 'name';
    this.#changed();
  }

  write(field: Field): void {
    this.field = field;
    this.#changed();
  }

  /** The field that is written in says this now. */
  type(text: string): void {
    this.draft = withText(this.draft, this.language, this.field, text);
    this.saved = false;
    this.#changed();
  }

  async save(): Promise<void> {
    if (this.canSave) await this.#put(this.words, this.dial?.words);
  }

  /** Back to what is saved; from there, to what was saved before. */
  async undo(): Promise<void> {
    const { dial } = this;
    if (dial === undefined || this.saving) return;
    if (this.isChanged || nameless(this.draft).length > 0) {
      this.draft = draftOf(dial.words);
      this.#changed();
    } else if (this.#before !== undefined) {
      await this.#put(this.#before, undefined);
    }
  }

  /** Back to what the dial is called without staff. */
  async forgetWords(): Promise<void> {
    if (this.canForget) await this.#put({}, this.dial?.words);
  }

  /** Another model may serve, or somebody else has named a dial. */
  async heard(): Promise<void> {
    if (this.step === 'away' || this.saving) return;
    const { dial } = this;
    const encoder = this.model?.encoder;
    await this.#ask(() => this.#shop.refresh(undefined));
    if (this.model?.encoder !== encoder) {
      await this.#anotherModel();
      return;
    }
    if (dial === undefined || this.dial !== dial) return;
    const now = this.model?.dials.find(({ index }) => index === dial.index);
    if (now === undefined) return;
    const untouched = !this.isChanged && nameless(this.draft).length === 0;
    this.dial = now;
    if (untouched) this.draft = draftOf(now.words);
    else if (!sameWords(now.words, dial.words)) this.trouble = 'words-changed';
    this.#changed();
  }

  /** @param before what undo goes back to */
  async #put(words: StaffWordsByLanguage, before: StaffWordsByLanguage | undefined): Promise<void> {
    const { dial, model } = this;
    if (dial === undefined || model === undefined) return;
    this.saving = true;
    await this.#ask(async () => {
      const { words: now } = await this.#api.nameDial(dial.index, { encoder: model.encoder, was: dial.words, words });
      if (this.dial?.index !== dial.index) return;
      this.dial = { ...this.dial, words: now };
      this.draft = draftOf(now);
      this.#before = before;
      this.saved = true;
    });
    this.saving = false;
    this.#changed();
    if (this.trouble === 'model-changed') await this.#anotherModel();
    if (this.trouble !== 'words-changed') return;
    // What was written stays: whoever saves it again knows of the other words by then.
    this.#before = undefined;
    await this.heard();
    this.trouble ??= 'words-changed';
    this.#changed();
  }

  /** The dials are others: none of what is written belongs to one of them. */
  async #anotherModel(): Promise<void> {
    await this.open(this.language);
    if (this.step === 'choose') this.trouble = 'model-changed';
    this.#changed();
  }

  #leaveDial(): void {
    this.#question += 1;
    this.dial = undefined;
    this.draft = draftOf({});
    this.field = 'name';
    this.value = 0;
    this.saved = false;
    this.trouble = undefined;
    this.#before = undefined;
    this.#changed();
  }

  #stand({ z, kind, dials }: Partial<Found> & { readonly dials?: readonly number[] }): void {
    this.#home = dials ?? (z === undefined ? undefined : this.#finder.toDials(z)) ?? this.#home;
    this.#kind = kind ?? this.model?.conditions?.default;
  }

  #show(): void {
    const { dial } = this;
    if (dial !== undefined)
      this.#pictures.put(this.#finder.pointAt(this.#home.with(dial.index, this.value), this.#kind));
    this.#changed();
  }

  async #fetchEnds(dials: readonly number[]): Promise<void> {
    await this.ends.fetch(dials, dial => this.#finder.endsAt(this.#home, dial, this.#kind));
  }

  /** @returns whether it went well: what is asked next says that nothing is wrong any more */
  async #ask(run: () => Promise<void>): Promise<boolean> {
    const question = this.#question;
    this.trouble = undefined;
    this.#changed();
    try {
      await run();
      return true;
    } catch (error) {
      if (question === this.#question) this.#failed(error);
      return false;
    } finally {
      this.#changed();
    }
  }

  #failed(error: unknown): void {
    if (this.#refused(error)) return;
    this.trouble = troubleFrom(error);
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
