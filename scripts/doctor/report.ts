/** What was found, as a table for a person and as JSON for a program. */
import type { SettingName } from '../../device/config.ts';
import { shownValue, withoutPassword } from '../../device/read-settings.ts';
import type { Box } from './box.ts';
import { type Finding, NOTHING, type Verdict } from './check.ts';

/** A check's finding under its name. */
export interface Reported extends Finding {
  readonly name: string;
  readonly seconds: number;
}

export interface ShownSetting {
  readonly name: string;
  readonly value: unknown;
  readonly from: 'environment' | 'file' | 'default';
  /** The variable, `FILE:LINE:COLUMN`, or what a default goes by. */
  readonly where: string;
}

/** By the worst verdict: 0 all is well, 1 something to look at, 2 something is broken. */
export function exitStatus(reported: readonly { readonly verdict: Verdict }[]): number {
  if (reported.some(({ verdict }) => verdict === 'broken')) return 2;
  return reported.some(({ verdict }) => verdict === 'look') ? 1 : 0;
}

/** Every setting as it is in force, and where it comes from. None holds a secret: where there is one, a setting names its file. */
export function shownSettings({ config, follows, settings: { sources, faults } }: Box): ShownSetting[] {
  const faulty = new Set(faults.map(({ name }) => name));
  return (Object.keys(sources) as SettingName[]).map(name => {
    const { from, where } = sources[name];
    const value: unknown = config[name];
    const origin = follows[name] ?? where ?? from;
    return {
      name,
      value: typeof value === 'string' ? withoutPassword(value) : value,
      from,
      where: faulty.has(name) && from !== 'default' ? `${origin}, where it is faulty: this is the default` : origin,
    };
  });
}

const LABELS: Readonly<Record<Verdict, string>> = { ok: 'ok', look: 'LOOK', broken: 'BROKEN', 'not here': '–' };

export function asTable(reported: readonly Reported[], { verbose }: { verbose: boolean }): string {
  const width = Math.max(...reported.map(({ name }) => name.length));
  return reported
    .map(({ name, verdict, found, next, shown = [], detail = [] }) => {
      const indent = ' '.repeat(width + 12);
      const lines = [...shown, ...(verdict === 'ok' && !verbose ? [] : detail)];
      const rest = [
        ...lines.map(line => `  ${line}`),
        ...(next === NOTHING || verdict === 'not here' ? [] : [`→ ${next}`]),
      ];
      return [`  ${LABELS[verdict].padEnd(8)}${name.padEnd(width)}  ${found}`, ...rest.map(line => indent + line)].join(
        '\n',
      );
    })
    .join('\n');
}

export function settingsTable(settings: readonly ShownSetting[]): string {
  const cells = settings.map(({ name, value, where }) => [name, shownValue(value), where]);
  const width = (column: number): number => Math.max(...cells.map(row => row[column]?.length ?? 0));
  const [first, second] = [width(0), Math.min(44, width(1))];
  return cells
    .map(([name = '', value = '', from = '']) => `  ${name.padEnd(first)}  ${value.padEnd(second)}  ${from}`)
    .join('\n');
}

const SUMMARY: readonly string[] = ['All is well.', 'There is something to look at.', 'Something is broken.'];

export const summary = (reported: readonly Reported[]): string => SUMMARY[exitStatus(reported)] ?? '';
