/** Native libraries say why they failed on stderr only: the last of it is kept, and the reason read out of it. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with an escape character.
const COLOURS = /\u001b\[[0-9;]*m/g;

/** A stack frame, or the heading over such. */
const STACK = /^(at |\d+: |-{3,})/;

export const withoutColours = (text: string): string => text.replace(COLOURS, '');

/** Keeps the last `limit` characters of a stream. */
export class Tail {
  #text = '';
  readonly #limit: number;

  constructor(limit = 16_384) {
    this.#limit = limit;
  }

  add(chunk: string): void {
    this.#text = (this.#text + chunk).slice(-this.#limit);
  }

  get text(): string {
    return withoutColours(this.#text);
  }
}

/**
 * The cause in a native log: a library that could not be loaded, else the last line ONNX Runtime marked as an error,
 * else the last line that is no stack frame. Undefined where nothing was written.
 */
export function nativeReason(log: string): string | undefined {
  const lines = log
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !STACK.test(line));
  const unloaded = lines.findLast(line => /Failed to load library .* with error: /.test(line));
  if (unloaded !== undefined) return shorten(unloaded.replace(/^.* with error: /, ''));
  const fault = lines.findLast(line => /\[[EF]:onnxruntime/.test(line));
  if (fault !== undefined) return shorten(fault.replace(/^.*?\[[EF]:onnxruntime[^\]]*\]\s*/, ''));
  const last = lines.at(-1);
  return last === undefined ? undefined : shorten(last);
}

/** A library's own name says enough; its folder is the binding's. */
const shorten = (line: string): string => line.replace(/\/\S*\/(lib[^/\s:]+)/g, '$1').slice(0, 400);
