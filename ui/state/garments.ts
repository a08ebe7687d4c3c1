import type { CutOut } from '../../device/api/arrival-schemas.ts';
import type { Item } from '../../device/api/item-schemas.ts';
import type { StaffAsked } from '../lib/staff-api.ts';
import { type Trouble, troubleFrom } from '../lib/trouble.ts';

export type GarmentsAsked = Pick<StaffAsked, 'find' | 'cutOut' | 'picture' | 'take' | 'remove'>;

const LONGEST_QUERY = 40;

/** What staff do with one garment after the other: find it, photograph it, take it out. Says `change` like the page it is part of. */
export class Garments extends EventTarget {
  readonly #api: GarmentsAsked;
  readonly #refused: (error: unknown) => boolean;
  /** What is asked last counts; what comes late for an earlier question is nobody's. */
  #question = 0;

  step: 'away' | 'find' | 'garment' | 'cutting' | 'look' | 'taking' | 'taken' | 'removing' | 'removed' = 'away';
  query = '';
  found: readonly Item[] = [];
  /** The list has been answered, so that an empty one says something. */
  listed = false;
  garment: Item | undefined;
  shown: CutOut | undefined;
  /** What is shown, to be drawn; the garment's own once it is taken. */
  picture: Blob | undefined;
  trouble: Trouble | undefined;

  /** @param refused is told of each error first; it returns true where the whole page changes for it */
  constructor(api: GarmentsAsked, refused: (error: unknown) => boolean) {
    super();
    this.#api = api;
    this.#refused = refused;
  }

  /** Shows the garments to choose from. */
  async open(): Promise<void> {
    this.#put('find');
    this.#stand(undefined);
    await this.look(this.query);
  }

  close(): void {
    this.#put('away');
    this.query = '';
    this.found = [];
    this.listed = false;
    this.#stand(undefined);
    this.#changed();
  }

  /** Looks for garments by a part of their number or name. */
  async look(query: string): Promise<void> {
    this.query = query.slice(0, LONGEST_QUERY);
    await this.#ask(async () => {
      const { items } = await this.#api.find(this.query.trim());
      return () => {
        this.found = items;
        this.listed = true;
      };
    });
  }

  choose(sku: string): void {
    const garment = this.found.find(item => item.sku === sku);
    if (garment !== undefined) this.show(garment);
  }

  /** Goes to a garment that was found elsewhere. */
  show(garment: Item): void {
    this.#stand(garment);
    this.#put('garment');
    this.#changed();
  }

  /** Shows what would be kept of a photograph. */
  async photograph(picture: Blob): Promise<void> {
    this.#stand(this.garment);
    await this.#go('cutting', 'garment', async () => {
      const shown = await this.#api.cutOut(picture);
      const drawn = await this.#api.picture(shown.image);
      return () => {
        this.shown = shown;
        this.picture = drawn;
        this.#put('look');
      };
    });
  }

  /** Gives the garment what is shown. */
  async take(): Promise<void> {
    const { garment, shown } = this;
    if (garment === undefined || shown === undefined) return;
    await this.#go('taking', 'look', async () => {
      const { image } = await this.#api.take(garment.sku, shown.cutout);
      return () => {
        this.garment = { ...garment, image, encoded: true };
        this.shown = undefined;
        this.#put('taken');
      };
    });
    // A cut-out that is gone cannot be taken a second time.
    if (this.trouble === 'cutout-not-found') {
      this.#stand(garment);
      this.step = 'garment';
      this.#changed();
    }
  }

  async remove(): Promise<void> {
    const { garment } = this;
    if (garment === undefined) return;
    await this.#go('removing', 'garment', async () => {
      await this.#api.remove(garment.sku);
      return () => this.#put('removed');
    });
  }

  /** @param back where one stands again if it fails */
  async #go(step: 'cutting' | 'taking' | 'removing', back: 'garment' | 'look', ask: () => Promise<() => void>) {
    this.#put(step);
    await this.#ask(ask, back);
  }

  async #ask(ask: () => Promise<() => void>, back?: 'garment' | 'look'): Promise<void> {
    const question = ++this.#question;
    this.trouble = undefined;
    this.#changed();
    try {
      const done = await ask();
      if (question !== this.#question) return;
      done();
    } catch (error) {
      if (question !== this.#question || this.#refused(error)) return;
      this.trouble = troubleFrom(error);
      if (back !== undefined) this.step = back;
    }
    this.#changed();
  }

  /** Before a garment, with nothing of a photograph. */
  #stand(garment: Item | undefined): void {
    this.garment = garment;
    this.shown = undefined;
    this.picture = undefined;
  }

  /** Another step; what is under way for the one before is let go. */
  #put(step: Garments['step']): void {
    this.#question += 1;
    this.step = step;
    this.trouble = undefined;
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
