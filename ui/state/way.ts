import type { Picture } from '../lib/dial-answer.ts';
import { BLEND_BEGINS, type Blend, blended } from './blend.ts';
import { type Frames, Glide } from './glide.ts';
import { History } from './history.ts';
import { type Choices, inSight, isSame, type Look, looksAlike, NO_CHOICES, type Place, threadOf } from './look.ts';

/** The way of one shopper: where they are, and each step there, to be taken back. Asks nobody anything. */
export abstract class Way extends EventTarget {
  readonly #glide: Glide;
  #home: Omit<Place, 'choices'> = { dials: [], kind: undefined };
  /** Grows with everything that is done: who waits for an answer sees whether it still matters. */
  protected task = 0;

  /** The code of what went wrong last, until the next thing is done. */
  trouble: string | undefined;
  /** Whether the shopper has done anything yet. */
  begun = false;
  dials: readonly number[] = [];
  kind: string | undefined;
  choices: Choices = NO_CHOICES;
  blend: Blend | undefined;
  history: History<Look> | undefined;

  constructor(frames: Frames) {
    super();
    this.#glide = new Glide(frames);
  }

  /** Whether what was tapped last is still being carried out. */
  get busy(): boolean {
    return this.#glide.moving;
  }

  /** The point is another: what is to be seen of it must be asked for. */
  protected abstract moved(): void;
  /** The choices are others than they were. */
  protected abstract rechosen(before: Choices): void;

  /** A finger moves a dial. */
  turn(index: number, value: number): void {
    // A finger may still lie on a dial of the model before.
    if (index >= this.dials.length) return;
    this.began();
    this.dials = this.dials.with(index, value);
    this.moved();
  }

  /** The finger has left the dial: the look becomes a step that can be undone. */
  commit(): void {
    const present = this.history?.present;
    if (present === undefined || isSame(present, this)) return;
    this.#push(looksAlike(present, this) ? present.picture : undefined);
    this.changed();
  }

  /** Where the session began; what was kept stays. */
  reset(): void {
    this.began();
    this.kind = this.#home.kind;
    const before = this.choices;
    this.choices = { ...NO_CHOICES, kept: before.kept };
    this.goTo(this.#home.dials);
    this.rechosen(before);
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

  /** Chooses something beside the dials, as a step of its own. */
  change(part: Partial<Choices>): void {
    this.begun = true;
    this.trouble = undefined;
    const before = this.choices;
    this.choices = { ...before, ...part };
    this.commit();
    this.rechosen(before);
  }

  /** Walks from what is dialled towards another point, half way to begin with. */
  protected beginBlend(sku: string, to: readonly number[]): void {
    this.blend = { sku, from: this.dials, to: this.unlocked(to), at: BLEND_BEGINS };
    this.#glideTo(blended(this.blend, BLEND_BEGINS));
    this.changed();
  }

  /** @param at 0: as it was dialled; 1: the garment */
  blendTo(at: number): void {
    if (this.blend === undefined) return;
    this.#glide.stop();
    this.blend = { ...this.blend, at };
    this.dials = blended(this.blend, at);
    this.moved();
  }

  /** @param taken false to go back to what was dialled before */
  endBlend(taken: boolean): void {
    const { blend } = this;
    if (blend === undefined) return;
    this.began();
    if (!taken) {
      this.#glideTo(blend.from);
      return;
    }
    this.dials = blended(blend, blend.at);
    this.commit();
    this.moved();
  }

  /** These settings, but of a locked dial the present one. */
  protected unlocked(dials: readonly number[]): readonly number[] {
    const { locked } = this.choices;
    return locked.length === 0 ? dials : dials.map((value, at) => (locked.includes(at) ? this.dials[at]! : value));
  }

  /** Where a session begins, with the choices that outlast it. */
  protected settle(home: Omit<Place, 'choices'>, choices: Choices): void {
    this.#glide.stop();
    this.task += 1;
    this.#home = home;
    this.dials = home.dials;
    this.kind = home.kind;
    this.choices = choices;
    this.blend = undefined;
    this.history = new History<Look>({ ...home, choices, picture: undefined });
  }

  /** Nothing is left of it. */
  protected leave(): void {
    this.settle({ dials: [], kind: undefined }, NO_CHOICES);
    this.history = undefined;
    this.begun = false;
    this.trouble = undefined;
  }

  protected goTo(dials: readonly number[]): void {
    const present = this.history?.present;
    const next = { dials, kind: this.kind, choices: this.choices };
    if (present !== undefined && !isSame(present, next)) this.history?.push({ ...next, picture: undefined });
    this.#glideTo(dials);
  }

  /** Something is done: what was under way matters no more. */
  protected began(begun = true): void {
    this.begun = begun;
    this.trouble = undefined;
    this.blend = undefined;
    this.task += 1;
    this.#glide.stop();
  }

  /** The present look's picture is there: it goes on the thread. */
  protected remember(picture: Picture | undefined): void {
    const present = this.history?.present;
    if (present !== undefined && isSame(present, this)) this.history?.amend({ ...present, picture });
  }

  /** The look in sight nearest to the present one that has no picture. */
  get undrawn(): Look | undefined {
    const steps = this.history?.steps ?? [];
    const { looks, at } = threadOf(steps, this.history?.at ?? 0);
    const { first, looks: seen } = inSight(looks, at);
    const far = (place: number): number => Math.abs(first + place - at);
    const missing = [...seen.keys()].filter(place => seen[place]!.picture === undefined);
    const [nearest] = missing.sort((one, other) => far(one) - far(other));
    return nearest === undefined ? undefined : steps[seen[nearest]!.step];
  }

  /** The picture of a look that was passed is there; a look that is on the thread no more has no use for it. */
  fill(look: Look, picture: Picture): void {
    this.history?.amendEach(step => (step === look ? { ...step, picture } : step));
    this.changed();
  }

  protected changed(): void {
    this.dispatchEvent(new Event('change'));
  }

  #push(picture: Picture | undefined): void {
    const { dials, kind, choices } = this;
    this.history?.push({ dials, kind, choices, picture });
  }

  #revisit(look: Look | undefined): void {
    if (look === undefined) return;
    this.began();
    const before = this.choices;
    const alike = looksAlike(look, this);
    this.kind = look.kind;
    this.choices = look.choices;
    if (!alike) this.#glideTo(look.dials);
    if (before !== this.choices) this.rechosen(before);
    this.changed();
  }

  #glideTo(dials: readonly number[]): void {
    this.#glide.run(this.dials, dials, point => {
      this.dials = point;
      this.moved();
    });
  }
}
