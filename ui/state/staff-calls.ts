import type { Call } from '../../device/api/call-schemas.ts';
import type { StaffAsked } from '../lib/staff-api.ts';

export type StaffCallsAsked = Pick<StaffAsked, 'calls' | 'answerCall'>;

/** Calls from the screens that nobody has answered, while staff look. Says `change`. */
export class StaffCalls extends EventTarget {
  readonly #api: StaffCallsAsked;
  readonly #failed: (error: unknown) => void;
  #inside = false;

  /** Oldest first. */
  open: readonly Call[] = [];

  /** @param failed told of what was asked for and refused */
  constructor(api: StaffCallsAsked, failed: (error: unknown) => void) {
    super();
    this.#api = api;
    this.#failed = failed;
  }

  /** @param inside whether staff are on their page: outside it, nobody's calls are anybody's to see */
  follow(inside: boolean): void {
    if (inside === this.#inside) return;
    this.#inside = inside;
    this.open = [];
    if (inside) void this.look();
  }

  /** Something may have been missed. */
  async look(): Promise<void> {
    await this.#ask(async () => {
      const { calls } = await this.#api.calls();
      this.#show(calls);
    });
  }

  /** The box tells of a call. */
  heard(call: Call): void {
    if (!this.#inside) return;
    const others = this.open.filter(({ id }) => id !== call.id);
    this.#show(call.answeredAt === null ? [...others, call] : others);
  }

  /** Somebody goes there. */
  async answer(id: string): Promise<void> {
    await this.#ask(async () => this.heard(await this.#api.answerCall(id)));
  }

  async #ask(ask: () => Promise<void>): Promise<void> {
    if (!this.#inside) return;
    try {
      await ask();
    } catch (error) {
      if (this.#inside) this.#failed(error);
    }
  }

  #show(calls: readonly Call[]): void {
    if (!this.#inside) return;
    this.open = calls;
    this.dispatchEvent(new Event('change'));
  }
}
