/** Matches judged by truth, as Markdown. */
import { MEASURES } from '../../store/atelier/kind.ts';
import { markdownTable } from '../markdown.ts';
import { rulesFor, tauName } from '../matching-table.ts';
import type { Agreement } from './agreement.ts';
import { JUDGED, type TruthFigures, type TruthRow } from './truth-figures.ts';

const HEAD = ['agreement', 'kind', 'cut', 'dye', 'pattern', 'ΔE of the dye'];
const part = (value: number): string => value.toFixed(3);
const cells = ({ all, kind, cut, dye, pattern, deltaE }: Agreement): string[] => [
  ...[all, kind, cut, dye, pattern].map(part),
  deltaE.toFixed(1),
];
const apart = ({ apart: by }: Agreement): string[] =>
  MEASURES.map(name => (by[name] === undefined ? '–' : (100 * by[name]).toFixed(1)));

function ruled({ rules, bestPossible, randomGarment }: TruthRow, calibrated: number): [string, Agreement][] {
  return [
    ...rulesFor(calibrated).map(({ name }): [string, Agreement] => [
      name === tauName(calibrated) ? `**${name}**, calibrated` : name,
      rules[name]!,
    ]),
    ['best possible', bestPossible],
    ['random garment', randomGarment],
  ];
}

function ofRow(row: TruthRow, calibrated: number): string[] {
  const { name, points, drawnError } = row;
  const all = ruled(row, calibrated);
  const error =
    drawnError === undefined ? '' : `; decoded and closest drawing differ by ${drawnError.toFixed(3)} (RMS)`;
  return [
    `**${name}**, ${points} points${error}:`,
    '',
    ...markdownTable(
      ['order by', ...HEAD],
      all.map(([rule, figures]) => [rule, ...cells(figures)]),
    ),
    'Percentiles between a measure wanted and found:',
    '',
    ...markdownTable(
      ['order by', ...MEASURES],
      all.map(([rule, figures]) => [rule, ...apart(figures)]),
    ),
  ];
}

/** @param calibrated the tolerance that did best for points near the data */
export function truthMarkdown({ rows, finder }: TruthFigures, calibrated: number): string[] {
  return [
    ...rows.flatMap(row => ofRow(row, calibrated)),
    `Mean over the top ${JUDGED}, 1 is all alike. Given drawings whose parameters are known, the search for the closest drawing comes to`,
    `${part(finder.cut)} of the cut and within ${finder.deltaE.toFixed(1)} of the dye: differences smaller than that say nothing.`,
    '',
  ];
}
