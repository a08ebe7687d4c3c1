/** Other programs, asked with a time limit: what they say, or why they do not. */
import { execFile } from 'node:child_process';
import { nativeReason } from '../../device/inference/native-log.ts';

export interface Answer {
  /** Its standard output; undefined where it did not end well. */
  readonly text: string | undefined;
  /** Why not, without a full stop. */
  readonly why: string;
}

/** @param limitMs after so long it is ended, milliseconds */
export function runProgram(
  program: string,
  args: readonly string[],
  { limitMs, env = process.env }: { readonly limitMs: number; readonly env?: NodeJS.ProcessEnv },
): Promise<Answer> {
  return new Promise(resolve => {
    execFile(
      program,
      args,
      { timeout: limitMs, killSignal: 'SIGKILL', env, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ text: stdout, why: '' });
        const { killed, signal, code } = error as Error & { killed?: boolean; signal?: string; code?: unknown };
        const end = killed
          ? `it did not end within ${limitMs / 1000} s`
          : signal
            ? `it was ended by ${signal}`
            : code === 'ENOENT'
              ? 'there is no such program'
              : `it ended with ${String(code)}`;
        const reason = nativeReason(stderr);
        resolve({ text: undefined, why: reason === undefined ? end : `${end}: ${reason}` });
      },
    );
  });
}
