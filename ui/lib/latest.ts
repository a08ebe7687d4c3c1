import { type Clock, clock } from './rest.ts';

/**
 * One question on its way and the newest one waiting. Every answer is shown as it comes, so that a picture follows the
 * finger even where answers are slower than the finger: aborting and asking again would show none until it stops.
 */
export class Latest<Question, Answer> {
  readonly #ask: (question: Question) => Promise<Answer>;
  readonly #show: (answer: Answer, question: Question) => void;
  readonly #failed: (error: unknown, question: Question) => void;
  readonly #time: Clock;
  #busy = false;
  #waiting: { readonly question: Question } | undefined;
  /** The next question must not be asked before it settles; undefined while as many may be asked as are answered. */
  #gate: Promise<void> | undefined;

  /** Most questions a second; null for as many as are answered. A box that grows hot asks for fewer. */
  perSecond: number | null = null;

  constructor(
    ask: (question: Question) => Promise<Answer>,
    show: (answer: Answer, question: Question) => void,
    failed: (error: unknown, question: Question) => void,
    time: Clock = clock,
  ) {
    this.#ask = ask;
    this.#show = show;
    this.#failed = failed;
    this.#time = time;
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
    this.#waiting = { question };
    if (this.#busy) return;
    this.#busy = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    while (this.#waiting !== undefined) {
      if (this.#gate !== undefined) await this.#gate;
      // The newest of those that came while the gate was shut.
      const { question } = this.#waiting;
      this.#waiting = undefined;
      this.#shut();
      try {
        this.#show(await this.#ask(question), question);
      } catch (error) {
        this.#failed(error, question);
      }
    }
    this.#busy = false;
  }

  #shut(): void {
    const { perSecond } = this;
    this.#gate =
      perSecond === null ? undefined : new Promise(open => this.#time.after(1_000 / perSecond, () => open(undefined)));
  }
}
