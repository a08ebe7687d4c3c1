/**
 * One question on its way and the newest one waiting. Every answer is shown as it comes, so that a picture follows the
 * finger even where answers are slower than the finger: aborting and asking again would show none until it stops.
 */
export class Latest<Question, Answer> {
  readonly #ask: (question: Question) => Promise<Answer>;
  readonly #show: (answer: Answer, question: Question) => void;
  readonly #failed: (error: unknown, question: Question) => void;
  #busy = false;
  #waiting: { readonly question: Question } | undefined;

  constructor(
    ask: (question: Question) => Promise<Answer>,
    show: (answer: Answer, question: Question) => void,
    failed: (error: unknown, question: Question) => void,
  ) {
    this.#ask = ask;
    this.#show = show;
    this.#failed = failed;
  }

  /** True where nothing is on its way. */
  get idle(): boolean {
    return !this.#busy;
  }

  /** True where a newer question waits for its turn: what is shown now will soon be replaced. */
  get behind(): boolean {
    return this.#waiting !== undefined;
  }

  put(question: Question): void {
    if (this.#busy) {
      this.#waiting = { question };
      return;
    }
    this.#busy = true;
    void this.#run(question);
  }

  async #run(first: Question): Promise<void> {
    let question = first;
    for (;;) {
      try {
        this.#show(await this.#ask(question), question);
      } catch (error) {
        this.#failed(error, question);
      }
      if (this.#waiting === undefined) break;
      question = this.#waiting.question;
      this.#waiting = undefined;
    }
    this.#busy = false;
  }
}
