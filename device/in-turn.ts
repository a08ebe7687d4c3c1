/** Work that is done one after another, in the order in which it was asked for. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Does the work once all that was asked for before it has ended, well or ill. */
  do<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** Resolves when all that has been asked for has ended; it never throws. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
