/** A child process that native code lives in: started with the right environment, its native log kept, its end awaited. */
import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { nativeReason, Tail, withoutColours } from './native-log.ts';

/** New objects there are tensors, whose numbers lie elsewhere: more room for them would only stay taken. */
const NODE_FLAGS = ['--max-semi-space-size=8'];
/** Grace for a process that was told to end, milliseconds. */
const END_MS = 2_000;

export class HelperProcess<Told, Answered> {
  /** Resolves when the process is gone and its log is read, with why it ended. */
  readonly gone: Promise<string>;
  readonly #child: ChildProcess;
  readonly #native = new Tail();
  #receive: (message: Answered) => void = () => undefined;

  /** @param main the file that it runs @param onNative called with what native libraries write to stderr */
  constructor(main: URL, onNative: (text: string) => void) {
    this.#child = fork(fileURLToPath(main), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: NODE_FLAGS,
      // Read by ONNX Runtime when it is loaded; set any later it has no effect.
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
    });
    const { stderr } = this.#child;
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#native.add(text);
      onNative(withoutColours(text).trim());
    });
    this.#child.on('message', (message: Answered) => this.#receive(message));
    // The child's own 'close' is not emitted once the channel was closed from here (Node 24), so both are awaited.
    const read = stderr === null ? Promise.resolve() : once(stderr, 'close');
    this.gone = new Promise(resolve => {
      this.#child.once('exit', (code, signal) => {
        const end = signal === null ? `the process ended with code ${code}` : `the process was ended by ${signal}`;
        void read.then(() => resolve(this.why(end)));
      });
      this.#child.on('error', cause => {
        if (this.#child.pid === undefined) resolve(`the process did not start: ${cause.message}`);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get connected(): boolean {
    return this.#child.connected;
  }

  /** A sentence with the native log's reason behind it, where there is one. */
  why(sentence: string): string {
    const reason = nativeReason(this.#native.text);
    return reason === undefined ? sentence : `${sentence}: ${reason}`;
  }

  onMessage(receive: (message: Answered) => void): void {
    this.#receive = receive;
  }

  /** Sends; where the process is gone, `gone` tells it. */
  send(message: Told): void {
    this.#child.send(message as Serializable, () => undefined);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends the process by closing its channel, and by force where that does not help. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const force = setTimeout(() => this.kill(), END_MS);
    await this.gone;
    clearTimeout(force);
  }
}
