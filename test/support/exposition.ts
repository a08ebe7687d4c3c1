/**
 * Reads Prometheus's text format as strictly as its specification allows (version 0.0.4,
 * https://prometheus.io/docs/instrumenting/exposition_formats/): what a lenient scraper would pass over is an error here.
 */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/;
const TYPES = ['counter', 'gauge', 'histogram'];

const bad = (line: string, why: string): Error => new Error(`${why}: ${line}`);

function labelsOf(written: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = written; rest !== ''; ) {
    const [whole = '', name = '', value = '', comma] = LABEL.exec(rest) ?? [];
    if (whole === '') throw bad(line, 'no label');
    if (name in labels) throw bad(line, `label ${name} twice`);
    labels[name] = value.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
    rest = rest.slice(whole.length);
    if (comma === ',' && rest === '') throw bad(line, 'a comma at the end');
  }
  return labels;
}

function sampleOf(line: string): Sample {
  const [, name = '', , written = '', value = ''] = /^([^{ ]+)(\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!NAME.test(name)) throw bad(line, 'no sample');
  if (!NUMBER.test(value)) throw bad(line, 'no number');
  return { name, labels: labelsOf(written, line), value: Number(value.replace('Inf', 'Infinity')) };
}

/** The family's name that a sample's may be: a histogram's samples end as its parts do. */
const belongs = (sample: Sample, { name, type }: Family): boolean =>
  type === 'histogram'
    ? [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(sample.name)
    : // `le` and `quantile` are words of histograms and summaries, and a check of Prometheus's own takes them for nothing else.
      sample.name === name && !('le' in sample.labels) && !('quantile' in sample.labels);

/** Buckets grow, end with all, and agree with the count; each series has its sum. */
function checkHistogram({ name, samples }: Family): void {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...rest } }) => JSON.stringify(rest));
  for (const [labels, parts] of series) {
    const buckets = parts.filter(part => part.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels: { le = '' } }) => Number(le.replace('Inf', 'Infinity')));
    const counts = buckets.map(({ value }) => value);
    const grows = (values: readonly number[], strictly: boolean): boolean =>
      values.every((value, at) => at === 0 || (strictly ? value > values[at - 1]! : value >= values[at - 1]!));
    if (!grows(bounds, true) || bounds.at(-1) !== Number.POSITIVE_INFINITY || !grows(counts, false)) {
      throw bad(labels, `${name} has wrong buckets`);
    }
    const [count, ...others] = parts.filter(part => part.name === `${name}_count`);
    const sums = parts.filter(part => part.name === `${name}_sum`);
    if (count?.value !== counts.at(-1) || others.length > 0 || sums.length !== 1)
      throw bad(labels, `${name} does not add up`);
  }
}

/** @throws Error with the line that is not as it must be */
export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.');
  const families = new Map<string, Family & { samples: Sample[] }>();
  let help: { name: string; text: string } | undefined;
  let family: (Family & { samples: Sample[] }) | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      help = { name, text: rest };
    } else if (keyword === 'TYPE') {
      if (help?.name !== name || !NAME.test(name)) throw bad(line, 'a type without its help');
      if (!TYPES.includes(rest) || families.has(name)) throw bad(line, 'a wrong type, or a family twice');
      if ((rest === 'counter') !== name.endsWith('_total'))
        throw bad(line, 'a counter, and it alone, ends with _total');
      family = { name, help: help.text, type: rest, samples: [] };
      families.set(name, family);
    } else {
      const sample = sampleOf(line);
      if (family === undefined || !belongs(sample, family)) throw bad(line, 'a sample outside its family');
      const same = (one: Sample): boolean =>
        one.name === sample.name && JSON.stringify(one.labels) === JSON.stringify(sample.labels);
      if (family.samples.some(same)) throw bad(line, 'a series twice');
      if (family.type !== 'gauge' && !(sample.value >= 0)) throw bad(line, 'below zero');
      family.samples.push(sample);
    }
  }
  for (const one of families.values()) if (one.type === 'histogram') checkHistogram(one);
  return families;
}
