/** Numbers and sentences as the doctor says them. */
import { readFileSync } from 'node:fs';

const BYTES = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;
const DAY_MS = 24 * 3_600_000;

/** `3.1 GB` */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log10(count) / 3));
  return `${Number((count / 1000 ** power).toPrecision(3))} ${BYTES[power]}`;
}

/** `0.42 ms` */
export const milliseconds = (time: number): string => `${Number(time.toPrecision(2))} ms`;

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

/** Whole days until a time, below 0 once it is past. */
export const daysUntil = (time: number): number => Math.floor((time - Date.now()) / DAY_MS);

/** With one full stop. */
export const sentence = (text: string): string => `${text.trim().replace(/[.\s]+$/, '')}.`;

/** What an error says, on one line. */
export const said = (error: unknown): string =>
  (error as Error).message
    .split('\n')
    .join(' ')
    .replace(/[.\s]+$/, '');

/** A small file of the system's; undefined where there is none or it cannot be read. */
export function readSystem(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
