/** What systemd is to a service: a socket that takes its messages, and lets go of what comes with them once they are read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { afterwards } from './afterwards.ts';
import { temporaryFolder } from './store.ts';

/** Node has no such socket, which is why there is a `systemd-notify` at all. */
const RECEIVER = `
import array, json, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print(json.dumps("bound"), flush=True)
while True:
    data, control, _, _ = s.recvmsg(65536, 1024)
    for level, kind, bytes in control:
        if kind == socket.SCM_RIGHTS:
            for fd in array.array("i", bytes[: len(bytes) // 4 * 4]): os.close(fd)
    print(json.dumps(data.decode()), flush=True)
`;

export class NotifySocket {
  readonly path: string;
  /** Every message so far, in order; those that only wait for the others left out. */
  readonly messages: string[] = [];
  #look: () => void = () => undefined;

  private constructor(path: string) {
    this.path = path;
  }

  static async open(t: TestContext): Promise<NotifySocket> {
    const socket = new NotifySocket(join(await temporaryFolder(t), 'notify'));
    const child = spawn('python3', ['-c', RECEIVER, socket.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    afterwards(t, async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    });
    const lines = createInterface(child.stdout);
    await once(lines, 'line');
    lines.on('line', line => {
      const text = JSON.parse(line) as string;
      if (text !== 'BARRIER=1') socket.messages.push(text);
      socket.#look();
    });
    return socket;
  }

  /** The first message that matches, those that came before asked too; refused after so long. */
  async heard(pattern: RegExp, withinMs = 20_000): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(
      () => reject(new Error(`${pattern} was not said; this was: ${this.messages.join(' | ')}`)),
      withinMs,
    );
    this.#look = () => {
      const message = this.messages.find(text => pattern.test(text));
      if (message !== undefined) resolve(message);
    };
    this.#look();
    return promise.finally(() => clearTimeout(timer));
  }
}
