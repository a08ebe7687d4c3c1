/** The evaluation as Markdown, for a person to read. */
import { VERDICTS } from '../../device/matching/typicality.ts';
import type { Evaluation } from './evaluation.ts';
import { type JudgedGate, notHeld } from './gates.ts';
import { markdownTable } from './markdown.ts';
import { rulesFor, type TableRow, tauName } from './matching-table.ts';
import { truthMarkdown } from './truth/truth-report.ts';

/** About so many significant digits. */
const figure = (value: number | undefined): string =>
  value === undefined ? '–' : String(Number(value.toPrecision(4)));
const fixed = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(4));
const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;

function gates(judged: readonly JudgedGate[]): string[] {
  const rows = judged.map(gate => [
    gate.name,
    figure(gate.figure),
    `${gate.atMost ? '≤' : '≥'} ${gate.floor}`,
    `${gate.atMost ? '≤' : '≥'} ${gate.goal}`,
    gate.from ?? '–',
    gate.verdict,
  ]);
  const short = notHeld(judged);
  return [
    ...markdownTable(['gate', 'figure', 'floor', 'goal', 'measured by', 'verdict'], rows),
    short.length === 0
      ? 'Every floor is held.'
      : `${short.length} of ${judged.length} gates are not held: ${short.map(gate => gate.name).join('; ')}.`,
    '',
  ];
}

function matching(rows: readonly TableRow[], tolerance: number): string[] {
  const rules = rulesFor(tolerance).map(rule => rule.name);
  const columns = rules.map(rule => (rule === tauName(tolerance) ? `**${rule}**` : rule));
  const ratio = (row: TableRow): string => (row.errors[tauName(tolerance)]! / row.bestPossible).toFixed(2);
  return [
    ...markdownTable(
      ['where z comes from', ...columns, 'best possible', 'random garment', 'ratio'],
      rows.map(row => [
        row.name,
        ...rules.map(rule => fixed(row.errors[rule])),
        fixed(row.bestPossible),
        fixed(row.randomGarment),
        ratio(row),
      ]),
    ),
    'Mean squared error between the dialled picture and the best match’s own, both over white at 16 x 16 pixels; ratio: the',
    'bundle’s tolerance (in bold) over the best possible. Share of the points won by one single garment:',
    '',
    ...markdownTable(
      ['where z comes from', ...columns],
      rows.map(row => [row.name, ...rules.map(rule => percent(row.winners[rule]!))]),
    ),
  ];
}

function typicality({ typicality: { verdicts, bands, spearman } }: Evaluation): string[] {
  return [
    ...markdownTable(
      ['where z comes from', ...VERDICTS],
      verdicts.map(row => [row.name, ...VERDICTS.map(verdict => percent(row[verdict]))]),
    ),
    ...markdownTable(
      ['centile of T(z)', 'points', 'error of the best match', 'best possible'],
      bands.map(({ from, to, points, top, best }) => [`${from} to ${to}`, String(points), fixed(top), fixed(best)]),
    ),
    ...markdownTable(
      ['Spearman of', 'error of the best match', 'best possible'],
      [
        ['T(z)', spearman.typicality.top.toFixed(2), spearman.typicality.best.toFixed(2)],
        ['-|z|², in spreads', spearman.distance.top.toFixed(2), spearman.distance.best.toFixed(2)],
      ],
    ),
  ];
}

function dials({ dials, attributes }: Evaluation): string[] {
  return markdownTable(
    ['dial', 'shown', 'KL, nats', 'variance of mu', 'mean', 'spread', 'attribute of the catalogue'],
    dials.map(({ dimension, name, shown, kl, activity, mean, spread }) => {
      const named = attributes.find(attribute => attribute.dimension === dimension);
      const along = named === undefined ? '–' : `${named.attribute} ${named.spearman.toFixed(3)}`;
      return [
        `${dimension}${name === undefined ? '' : ` ${name}`}`,
        shown ? 'yes' : 'no',
        figure(kl),
        figure(activity),
        figure(mean),
        figure(spread),
        along,
      ];
    }),
  );
}

export interface ReportedStore {
  readonly name: string;
  /** Drawn by the atelier. */
  readonly demonstration: boolean;
  /** Categories that were left out. */
  readonly without: readonly string[];
}

/** @param store what was evaluated over, as a person would say it */
export function asMarkdown(evaluation: Evaluation, store: ReportedStore): string {
  const { bundle, garments, tolerance, bestTolerance, recall, table: rows, seed, truth } = evaluation;
  const without = store.without.length === 0 ? '' : `, without ${store.without.join(' and ')}`;
  const caution = store.demonstration
    ? ['The atelier drew this store: what holds over it holds over drawings.', '']
    : [];
  return [
    `# ${bundle} over ${store.name}`,
    '',
    `${garments} garments${without}; ${rows[0]?.points ?? 0} points a row; seed ${seed}.`,
    '',
    ...caution,
    '## Gates',
    '',
    ...gates(evaluation.gates),
    '## Matching',
    '',
    ...matching(rows, tolerance),
    `Tolerance that does best near the data: ${bestTolerance}; the manifest’s: ${tolerance}.`,
    '',
    `Recall@1, z drawn from a garment’s posterior: ${Object.entries(recall)
      .map(([metric, share]) => `${metric} ${share.toFixed(4)}`)
      .join(', ')}.`,
    '',
    ...(truth === undefined ? [] : ['## Matches judged by truth', '', ...truthMarkdown(truth, bestTolerance)]),
    '## Typicality',
    '',
    ...typicality(evaluation),
    '## Dials over this store',
    '',
    ...dials(evaluation),
  ].join('\n');
}

/**
 * What goes into a page of the docs: the table of errors, and what is judged by truth.
 * @param store its name
 */
export function asPage(
  { bundle, garments, tolerance, bestTolerance, table, truth, seed }: Evaluation,
  store: string,
): string[] {
  return [
    `${bundle} over ${store}: ${garments} garments, ${table[0]?.points ?? 0} points a row, seed ${seed}.`,
    '',
    ...matching(table, tolerance),
    ...(truth === undefined ? [] : truthMarkdown(truth, bestTolerance)),
  ];
}
