/** `npm run bundle -- COMMAND`: signed model updates, from a trained bundle to a folder that any web server can serve. docs/publishing.md tells the rest. */
import { runCommand } from '../store/command.ts';
import { bundleCommand, USAGE } from './command.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const io = {
  console: { input: process.stdin, output: process.stderr },
  say: (line: string) => console.log(line),
  complain: (line: string) => console.error(line),
  terminal: process.stderr,
  signal: stop.signal,
};
await runCommand(() => bundleCommand(process.argv.slice(2), io), USAGE);
