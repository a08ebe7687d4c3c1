/** Steps kept; the oldest goes first. A look holds a small picture, so the bound is also one on memory. */
export const LONGEST_HISTORY = 40;

/** Where a shopper has been: undo, redo and a jump to any step. A step taken after an undo drops what lay ahead. */
export class History<Step> {
  #steps: Step[];
  #at = 0;

  constructor(first: Step) {
    this.#steps = [first];
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  get at(): number {
    return this.#at;
  }

  get present(): Step {
    return this.#steps[this.#at]!;
  }

  get canUndo(): boolean {
    return this.#at > 0;
  }

  get canRedo(): boolean {
    return this.#at < this.#steps.length - 1;
  }

  push(step: Step): void {
    this.#steps = [...this.#steps.slice(0, this.#at + 1), step].slice(-LONGEST_HISTORY);
    this.#at = this.#steps.length - 1;
  }

  /** Puts another value in the present's place, e.g. once its picture is there. */
  amend(step: Step): void {
    this.#steps = this.#steps.with(this.#at, step);
  }

  /** Puts other values in the places of some, wherever they are. */
  amendEach(change: (step: Step) => Step): void {
    this.#steps = this.#steps.map(change);
  }

  /** @returns the step now present, or undefined where there is no such step. */
  goTo(at: number): Step | undefined {
    if (!Number.isInteger(at) || at < 0 || at >= this.#steps.length) return undefined;
    this.#at = at;
    return this.present;
  }

  undo(): Step | undefined {
    return this.goTo(this.#at - 1);
  }

  redo(): Step | undefined {
    return this.goTo(this.#at + 1);
  }
}
