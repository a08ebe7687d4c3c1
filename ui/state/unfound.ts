import type { UnencodedItem } from '../../device/api/unencoded-schemas.ts';
import type { BoxState, StaffAsked } from '../lib/staff-api.ts';
import { reportFault, type Trouble, troubleFrom } from '../lib/trouble.ts';

export type UnfoundAsked = Pick<StaffAsked, 'unencoded' | 'tryAgain' | 'box'>;

/** How the box and its garments are, and the garments that no dial finds, one after the other. Says `change` like the page it is part of. */
export class Unfound extends EventTarget {
  readonly #api: UnfoundAsked;
  readonly #refused: (error: unknown) => boolean;
  #following = false;
  #atScreen = false;
  #looking = false;
  #again = false;

  /** Undefined until the box has said. */
  box: BoxState | undefined;
  /** How many garments no dial finds; undefined until the box has said. */
  count: number | undefined;
  /** The first of them. */
  items: readonly UnencodedItem[] = [];
  /** Whether the list is shown, and the garment of it that is looked at. */
  shown = false;
  chosen: UnencodedItem | undefined;
  /** Its picture is being tried again. */
  trying = false;
  /** The garment that is found since: said once. */
  found: string | undefined;
  trouble: Trouble | undefined;

  /** @param refused is told of each error first; it returns true where the whole page changes for it */
  constructor(api: UnfoundAsked, refused: (error: unknown) => boolean) {
    super();
    this.#api = api;
    this.#refused = refused;
  }

  /** Staff have come in, or left. @param atScreen how the box is, its own screen alone is told without more ado */
  follow(following: boolean, atScreen: boolean): void {
    this.#atScreen = atScreen;
    if (following === this.#following) return;
    this.#following = following;
    if (following) void this.look();
    else this.#wipe();
  }

  /** The store is not what it was. */
  heard(): void {
    if (this.#following) void this.look();
  }

  show(): void {
    this.shown = true;
    this.#stand(undefined);
  }

  close(): void {
    this.shown = false;
    this.#stand(undefined);
  }

  choose(sku: string): void {
    this.#stand(this.items.find(item => item.sku === sku));
  }

  /** Back to the list; nothing is changed. */
  letBe(): void {
    this.#stand(undefined);
  }

  /** Has the picture of the garment that is looked at encoded once more. */
  async tryAgain(): Promise<void> {
    const { chosen } = this;
    if (chosen === undefined || this.trying) return;
    this.trying = true;
    this.trouble = undefined;
    this.#changed();
    try {
      const { title } = await this.#api.tryAgain(chosen.sku);
      this.trying = false;
      if (this.chosen?.sku === chosen.sku) this.#stand(undefined);
      this.found = title;
      this.#changed();
      await this.look();
    } catch (error) {
      this.trying = false;
      if (this.#refused(error) || this.chosen?.sku !== chosen.sku) return;
      this.trouble = troubleFrom(error);
      this.#changed();
    }
  }

  /** Asks how all that is. One that does not answer just now is asked again when something is heard. */
  async look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    do {
      this.#again = false;
      const [unencoded, box] = await Promise.allSettled([
        this.#api.unencoded(),
        this.#atScreen ? this.#api.box() : Promise.resolve(undefined),
      ]);
      if (!this.#following) continue;
      if (box.status === 'fulfilled') this.box = box.value;
      else reportFault(box.reason);
      if (unencoded.status === 'fulfilled') this.#take(unencoded.value);
      else if (!this.#refused(unencoded.reason)) reportFault(unencoded.reason);
      this.#changed();
    } while (this.#again && this.#following);
    this.#looking = false;
  }

  #take({ count, items }: { readonly count: number; readonly items: readonly UnencodedItem[] }): void {
    this.count = count;
    this.items = items;
    const { chosen } = this;
    if (chosen === undefined) return;
    const now = items.find(({ sku }) => sku === chosen.sku);
    if (now !== undefined) this.chosen = now;
    else if (!this.trying) {
      // Somebody has photographed it meanwhile, or taken it out.
      this.chosen = undefined;
      this.trouble = undefined;
    }
  }

  #stand(item: UnencodedItem | undefined): void {
    this.chosen = item;
    this.trouble = undefined;
    this.found = undefined;
    this.#changed();
  }

  #wipe(): void {
    this.box = undefined;
    this.count = undefined;
    this.items = [];
    this.shown = false;
    this.chosen = undefined;
    this.found = undefined;
    this.trouble = undefined;
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
