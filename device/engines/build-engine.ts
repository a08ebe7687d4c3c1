/** Runs `trtexec`: behind all else that wants the processor, the first to go where memory runs out, and not for ever. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setBackground } from '../background.ts';
import type { ModelFile } from '../inference/manifest.ts';
import { Tail } from '../inference/native-log.ts';
import type { TensorRt } from './tensor-rt.ts';

export interface Build {
  readonly tensorRt: TensorRt;
  /** ONNX file of the net. */
  readonly net: string;
  /** Where the engine is to be. */
  readonly plan: string;
  readonly options: readonly string[];
  /** Memory that the builder may take to try out kernels, bytes. */
  readonly workspace: number;
  /** Longest time it may take, milliseconds. */
  readonly limitMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * The options that decide what comes out. From TensorRT 10 on a net is built in the types it is written in, and since 11 not
 * otherwise; before, what is not float32 must be allowed.
 */
export function optionsFor(version: string, precision: ModelFile['precision'] = 'float32'): string[] {
  if (Number.parseInt(version, 10) >= 10) return ['--stronglyTyped'];
  return { float32: [], float16: ['--fp16'], int8: ['--int8', '--fp16'] }[precision];
}

/** Of util-linux, on every Debian and Ubuntu. */
const SETPRIV = '/usr/bin/setpriv';

/** The kernel ends it with this process, however this one ends: a daemon that was killed leaves no builder to run beside the next. */
const endingWithUs = (program: string): string[] =>
  existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--', program] : [program];

/** The last that was marked as an error, without its time, else the last line that says something. */
function reasonIn(log: string): string {
  const lines = log.split('\n').filter(line => line.trim() !== '' && !line.startsWith('&&&&'));
  const last = lines.findLast(line => line.includes('[E]')) ?? lines.at(-1) ?? 'it said nothing';
  return last.replace(/^.*?\[[EWI]\]\s*/, '').slice(0, 300);
}

/** @returns undefined where the program says that the engine is there, or else why not @throws the signal's reason */
export async function buildEngine(build: Build): Promise<string | undefined> {
  const { tensorRt, net, plan, options, workspace, limitMs, signal } = build;
  signal.throwIfAborted();
  const pool = `--memPoolSize=workspace:${Math.floor(workspace / 2 ** 20)}`;
  const [program = '', ...first] = endingWithUs(tensorRt.trtexec);
  const child = spawn(
    program,
    [...first, `--onnx=${net}`, `--saveEngine=${plan}`, pool, '--skipInference', ...options],
    // A group of its own: what it starts ends with it.
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const log = new Tail();
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => log.add(text));
  const { promise: ended, resolve } = Promise.withResolvers<string | undefined>();
  child.once('error', error => resolve(`it did not start: ${error.message}`));
  child.once('close', (code, by) => {
    if (code === 0) resolve(undefined);
    resolve(`it ended ${by === null ? `with code ${code}` : `by ${by}`}: ${reasonIn(log.text)}`);
  });
  const late = AbortSignal.timeout(limitMs);
  const limit = AbortSignal.any([signal, late]);
  limit.addEventListener('abort', () => endGroup(child.pid), { once: true });
  if (child.pid !== undefined) await giveWay(child.pid);
  const why = await ended;
  signal.throwIfAborted();
  return late.aborted && why !== undefined ? `it did not end within ${Math.round(limitMs / 1000)} s` : why;
}

async function giveWay(pid: number): Promise<void> {
  try {
    await setBackground(pid, true);
    await writeFile(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // It has ended already, or the system does not let it: then it runs beside the others.
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
