/** A page of docs/ typed through: its commands given to a shell, one block after the other, and what it says comes held to what comes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bareEnvironment } from './bare-environment.ts';

export interface Block {
  readonly commands: string;
  /** What the page shows as the answers, where it does; each begins with its status. */
  readonly shown: readonly Answer[] | undefined;
  /** What the page shows as words on the terminal, where it does. */
  readonly words: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface Typed {
  /** What curl was answered, in order. */
  readonly statuses: readonly number[];
  readonly text: string;
}

const BLOCK = /```sh\n([\s\S]*?)```(?:\n\n```(http|text)\n([\s\S]*?)```)?/g;
const END = '@@end of block@@';

/** `HTTP 200`, then the body. */
const answersOf = (text: string): Answer[] =>
  text
    .split(/^HTTP (?=\d{3}$)/m)
    .slice(1)
    .map(part => ({ status: Number(part.slice(0, 3)), text: part.slice(3).trim() }));

export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(BLOCK)].map(([, commands = '', kind, shown = '']) => ({
    commands,
    shown: kind === 'http' ? answersOf(shown) : undefined,
    words: kind === 'text' ? shown.trim() : undefined,
  }));

interface Place {
  /** The folder that the commands are given in. */
  readonly cwd: string;
  /** Where curl finds its own settings. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What runs a command somewhere else than here. */
  readonly within?: readonly string[];
}

/** @throws Error, with all that was said, where a command fails */
export async function typeThrough(blocks: readonly Block[], place: Place): Promise<Typed[]> {
  const { cwd, home, environment, within = [] } = place;
  // Each answer ends its line, and its status goes beside.
  await writeFile(join(home, '.curlrc'), `show-error\nwrite-out = "\\n%{stderr}@@%{http_code}@@\\n"\n`);
  const mark = `printf '\\n${END}\\n'`;
  const script = blocks.map(({ commands }) => `${commands}\n${mark}\n${mark} >&2\n`).join('');
  const [program = 'bash', ...words] = [...within, 'bash', '-eu', '-c', script];
  const shell = spawn(program, words, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...bareEnvironment(), CURL_HOME: home, ...environment },
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    shell[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const [code] = await once(shell, 'close');
  const [out = [], err = []] = [said.stdout, said.stderr].map(text => text.split(`\n${END}\n`));
  if (code !== 0) {
    const at = blocks[out.length - 1]?.commands;
    throw new Error(`The shell ended with ${code} in this block:\n${at}\nIt said:\n${out.at(-1)}\n${err.at(-1)}`);
  }
  return blocks.map((_, place) => ({
    statuses: [...(err[place] ?? '').matchAll(/@@(\d{3})@@/g)].map(([, status]) => Number(status)),
    text: out[place] ?? '',
  }));
}

/** JSON as a page shows it: `…` stands for what was left out. */
export function readShown(text: string): unknown {
  const whole = text
    .replaceAll(/([{,]\s*)…(?=\s*\})/g, '$1"…": "…"')
    .replaceAll(/([[,]\s*)…(?=\s*\])/g, '$1"…"')
    .replaceAll(/(:\s*)…/g, '$1"…"');
  return JSON.parse(whole);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Where what is shown is not what came: in words, the first such place; undefined where it holds. */
export function falsehood(shown: unknown, came: unknown, at = 'the answer'): string | undefined {
  if (shown === '…') return undefined;
  if (Array.isArray(shown)) return falseList(shown, came, at);
  if (isObject(shown)) {
    if (!isObject(came)) return `${at} is ${JSON.stringify(came)}`;
    const missing = Object.keys(came).find(name => !(name in shown));
    if (missing !== undefined && !('…' in shown)) return `${at} has ${missing} too`;
    return first(
      Object.keys(shown).filter(name => name !== '…'),
      name => (name in came ? falsehood(shown[name], came[name], `${at}.${name}`) : `${at} has no ${name}`),
    );
  }
  if (typeof shown === 'string' && shown.includes('…') && typeof came === 'string') {
    const [before = '', after = ''] = shown.split('…');
    if (came.startsWith(before) && came.endsWith(after)) return undefined;
  }
  return shown === came ? undefined : `${at} is ${JSON.stringify(came)}, and ${JSON.stringify(shown)} is shown`;
}

function falseList(shown: readonly unknown[], came: unknown, at: string): string | undefined {
  if (!Array.isArray(came)) return `${at} is ${JSON.stringify(came)}`;
  const listed = shown.at(-1) === '…' ? shown.slice(0, -1) : shown;
  if (listed.length > came.length || (listed === shown && came.length !== shown.length)) {
    return `${at} has ${came.length} entries, and ${listed.length} are shown`;
  }
  return first([...listed.keys()], place => falsehood(listed[place], came[place], `${at}[${place}]`));
}

function first<T>(list: readonly T[], look: (one: T) => string | undefined): string | undefined {
  for (const one of list) {
    const found = look(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a text is what is shown of it. */
function isAsShown(shown: string, came: string): boolean {
  const parts = shown.split('…').map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(came.trim());
}

function falseAnswers(shown: readonly Answer[], { statuses, text }: Typed): string[] {
  const expected = shown.map(({ status }) => status);
  const last = statuses.slice(-shown.length);
  if (expected.join() !== last.join()) return [`${expected} is shown, ${last} came: ${text}`];
  const bodies = shown.filter(one => one.text.startsWith('{'));
  const came = text.split('\n').filter(line => line.startsWith('{'));
  if (came.length !== bodies.length) return [`${bodies.length} bodies are shown, and these came: ${text}`];
  return bodies.flatMap((body, at) => falsehood(readShown(body.text), JSON.parse(came[at] ?? '')) ?? []);
}

/** All that a page says of its answers and is not so: statuses, and bodies that are JSON. What is not shown must have gone well. */
export function falsehoods(blocks: readonly Block[], typed: readonly Typed[]): string[] {
  return blocks.flatMap(({ shown = [], words, commands }, place) => {
    const came = typed[place] ?? { statuses: [], text: '' };
    const unshown = came.statuses.slice(0, came.statuses.length - shown.length);
    const refused = unshown.filter(status => status < 200 || status > 299);
    const faults = [
      ...(refused.length === 0 ? [] : [`was answered ${refused.join(', ')}: ${came.text}`]),
      ...(words === undefined || isAsShown(words, came.text)
        ? []
        : [`“${words}” is shown, and this came: ${came.text}`]),
      ...(shown.length === 0 ? [] : falseAnswers(shown, came)),
    ];
    return faults.map(fault => `${commands.trim().split('\n').at(-1)}: ${fault}`);
  });
}

export const readPage = (path: string): Promise<string> => readFile(path, 'utf8');
