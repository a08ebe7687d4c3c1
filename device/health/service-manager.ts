/**
 * What systemd is told of this daemon, and how often it wants to hear of it: sd_notify(3). Node has no datagram sockets of the
 * file system's, so each message is a short process, `systemd-notify`, which ends when systemd has read it.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Longest time one message may take, milliseconds. */
const TELL_MS = 10_000;

/** Variables that systemd gives a service of `Type=notify`. */
export type NotifyEnvironment = Readonly<Record<string, string | undefined>>;

export class ServiceManager {
  /** How long it waits for the next sign of life before it starts the daemon anew, milliseconds; undefined where it does not wait for one. */
  readonly watchdogMs: number | undefined;
  readonly #environment: NotifyEnvironment;
  readonly #failed: (error: Error) => void;
  #last: Promise<unknown> = Promise.resolve();
  #arrives = true;

  private constructor(environment: NotifyEnvironment, failed: (error: Error) => void) {
    const { NOTIFY_SOCKET, PATH, WATCHDOG_PID, WATCHDOG_USEC } = environment;
    this.#environment = { NOTIFY_SOCKET, PATH };
    this.#failed = failed;
    const ours = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid;
    const microseconds = Number(WATCHDOG_USEC);
    this.watchdogMs = ours && microseconds > 0 ? microseconds / 1_000 : undefined;
  }

  /**
   * @param failed told where a message does not arrive; of several in a row the first
   * @returns undefined where no service manager started this process
   */
  static of(environment: NotifyEnvironment, failed: (error: Error) => void): ServiceManager | undefined {
    return environment.NOTIFY_SOCKET ? new ServiceManager(environment, failed) : undefined;
  }

  /**
   * One after another, as they are said.
   * @param state such as `READY=1`
   * @returns whether it has arrived
   */
  tell(...state: readonly string[]): Promise<boolean> {
    const told = this.#last.then(() => this.#send(state));
    this.#last = told;
    return told;
  }

  async #send(state: readonly string[]): Promise<boolean> {
    try {
      await run('systemd-notify', [...state], { env: { ...this.#environment }, timeout: TELL_MS });
      this.#arrives = true;
      return true;
    } catch (cause) {
      const why = ((cause as { stderr?: string }).stderr ?? '').trim() || (cause as Error).message;
      if (this.#arrives) this.#failed(new Error(`systemd could not be told ${state[0]}: ${why}`, { cause }));
      this.#arrives = false;
      return false;
    }
  }

  /**
   * Asks for more time before `READY=1`: a store may have to be encoded first, which says itself how far it is.
   * @param atMostMs then it is a start that hangs
   * @returns ends it
   */
  askForTime(everyMs = 20_000, atMostMs = 3_600_000): () => void {
    const until = performance.now() + atMostMs;
    const more = (): void => {
      if (performance.now() > until) clearInterval(timer);
      else void this.tell(`EXTEND_TIMEOUT_USEC=${4 * everyMs * 1_000}`);
    };
    const timer = setInterval(more, everyMs).unref();
    more();
    return () => clearInterval(timer);
  }
}
