/** A suite's result as text for a person, and as JSON beside it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Bar, Result, Suite, Table } from './suite.ts';

const isNumber = (cell: string | number): boolean => typeof cell === 'number';

export function asText({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows].map(row => row.map(String));
  const widths = columns.map((_, c) => Math.max(...cells.map(row => row[c]?.length ?? 0)));
  const line = (row: readonly string[], alignRight: (c: number) => boolean) =>
    row
      .map((cell, c) => (alignRight(c) ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  const numeric = (c: number) => rows.length > 0 && rows.every(row => isNumber(row[c] ?? ''));
  return [title, ...cells.map(row => `  ${line(row, numeric)}`)].join('\n');
}

export const barText = ({ what, unit, got, atMost }: Bar): string =>
  `  ${what}: ${Number(got.toPrecision(3))} ${unit}, promised at most ${atMost}: ${got <= atMost ? 'holds' : 'falls short'}`;

/** What the figures were measured on; a busy machine shows in the load. */
const machine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 2 ** 30),
  load: loadavg().map(load => Number(load.toFixed(2))),
  node: process.version,
});

export const machineText = (): string => {
  const { processor, cores, load, node } = machine();
  return `${cores} x ${processor}, Node ${node}, load ${load.join(' ')}`;
};

/** Writes FOLDER/SUITE.json. @returns its path */
export function writeJson(folder: string, { name }: Suite, result: Result): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  const { tables, bars = [], sink } = result;
  const measured = { suite: name, at: new Date().toISOString(), machine: machine(), bars, sink };
  const asObjects = tables.map(({ title, columns, rows }) => ({
    title,
    rows: rows.map(row => Object.fromEntries(columns.map((column, c) => [column, row[c]]))),
  }));
  writeFileSync(path, `${JSON.stringify({ ...measured, tables: asObjects }, undefined, 2)}\n`);
  return path;
}
