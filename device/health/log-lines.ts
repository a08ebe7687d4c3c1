/** The log for a person at a terminal: one line of words each, in place of JSON. */
const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
/** pino's levels from which a line also says what lies behind it. */
const WITH_CAUSE = 50;

interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly stack?: string };
}

/** `14:03:05 warn  TensorRT is not used: ...` of one line of pino's. */
export function readable(line: string): string {
  const { level, time, msg = '', err }: Entry = JSON.parse(line);
  const clock = new Date(time).toLocaleTimeString('en-GB');
  const cause = level >= WITH_CAUSE && err?.stack !== undefined ? `\n${err.stack}` : '';
  return `${clock} ${(LEVELS[level] ?? String(level)).padEnd(5)} ${msg}${cause}\n`;
}

/** Where the log goes: words to a terminal, pino's JSON to anything else. */
export const logStream = (
  to: Pick<NodeJS.WriteStream, 'isTTY'> & { write(line: string): unknown },
): { write(line: string): void } => ({
  write: line => void to.write(to.isTTY ? readable(line) : line),
});
