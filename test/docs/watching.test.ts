import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import type { Family } from '../support/exposition.ts';
import { everyMetric } from '../support/scrape.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');
const page = read('docs/watching.md');

interface Selector {
  readonly name: string;
  readonly labels: readonly string[];
}

/** What a query of PromQL selects. @throws Error where it is none, by Prometheus's own grammar */
function selectorsOf(query: string): Selector[] {
  // Grafana's own word for a span that fits the picture.
  const text = query.replaceAll('$__rate_interval', '5m');
  const found: { name: string; labels: string[] }[] = [];
  parser.parse(text).iterate({
    enter: ({ type, name, from, to }) => {
      if (type.isError) throw new Error(`No query: ${text}, at ${text.slice(from, from + 20)}`);
      if (name === 'VectorSelector') found.push({ name: '', labels: [] });
      const last = found.at(-1);
      if (name === 'Identifier' && last?.name === '') last.name = text.slice(from, to);
      if (name === 'LabelName' && last !== undefined && /^\s*(=|!)/.test(text.slice(to))) {
        last.labels.push(text.slice(from, to));
      }
    },
  });
  assert.ok(found.length > 0, query);
  return found;
}

/** What Prometheus adds to every sample, and the metric that it makes itself. */
const OF_PROMETHEUS = { labels: ['instance', 'job', 'le'], metric: 'up' };

function checkQuery(query: string, families: ReadonlyMap<string, Family>): Set<string> {
  const used = new Set<string>();
  for (const { name, labels } of selectorsOf(query)) {
    if (name === OF_PROMETHEUS.metric) continue;
    const family = [...families.values()].find(({ samples }) => samples.some(sample => sample.name === name));
    assert.ok(family !== undefined, `${name} is no metric: ${query}`);
    used.add(family.name);
    const has = family.samples.flatMap(sample => Object.keys(sample.labels));
    for (const label of labels) {
      assert.ok([...has, ...OF_PROMETHEUS.labels].includes(label), `${name} has no label ${label}: ${query}`);
    }
  }
  return used;
}

test('what the operator is given', async t => {
  const families = await everyMetric(t);

  await t.test('docs/watching.md tells of every metric and of no other, with its kind and its labels', () => {
    const rows = page
      .split('\n')
      .flatMap(line =>
        [/^\| `(lookdial_\w+)` \| (\w+)((?:, `\w+`(?:: [\w, .]+)?)*) \|/.exec(line)].filter(row => row !== null),
      );
    const told = rows.map(([, name = '', kind = '', labels = '']) => ({
      name,
      kind,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).sort(),
    }));
    const exposed = [...families.values()].map(({ name, type, samples }) => ({
      name,
      kind: type,
      labels: Object.keys(samples[0]?.labels ?? {})
        .filter(label => label !== 'le')
        .sort(),
    }));
    const byName = (one: { name: string }, other: { name: string }): number => one.name.localeCompare(other.name);
    assert.deepEqual(told.sort(byName), exposed.sort(byName));
    const named = new Set([...page.matchAll(/\blookdial_[a-z_]+\b/g)].map(([name]) => name));
    assert.deepEqual([...named].sort(), exposed.map(({ name }) => name).sort());
  });

  await t.test('docs/watching.md names the values of each label', () => {
    for (const [, name = '', label = '', written = ''] of page.matchAll(
      /^\| `(lookdial_\w+)` \| \w+, `(\w+)`: ([\w., -]+) \|/gm,
    )) {
      const values = new Set(families.get(name)?.samples.map(({ labels }) => labels[label]));
      assert.deepEqual(written.split(', ').sort(), [...values].sort(), name);
    }
  });

  await t.test('docs/watching.md has the bounds of the histograms, in the order in which they are', () => {
    const bounds = families
      .get('lookdial_request_seconds')
      ?.samples.filter(({ labels }) => labels.call === 'dial' && labels.le !== undefined)
      .map(({ labels }) => labels.le);
    const [, milliseconds = '', seconds = ''] =
      /its bounds are ([\d, and]+) milliseconds, ([\d., and]+) seconds/.exec(page) ?? [];
    const numbers = (text: string): number[] => [...text.matchAll(/[\d.]+/g)].map(([number]) => Number(number));
    const told = [...numbers(milliseconds).map(one => one / 1_000), ...numbers(seconds)];
    assert.deepEqual(bounds, [...told.map(String), '+Inf']);
  });

  await t.test('docs/examples/grafana.json asks for what there is alone, and leaves nothing out', () => {
    const dashboard = JSON.parse(read('docs/examples/grafana.json'));
    const queries: string[] = dashboard.panels.flatMap((panel: { targets?: { expr: string }[] }) =>
      (panel.targets ?? []).map(({ expr }) => expr),
    );
    assert.ok(queries.length > 25, `${queries.length} queries`);
    const used = queries.flatMap(query => [...checkQuery(query, families)]);
    assert.deepEqual([...new Set(used)].sort(), [...families.keys()].sort());
    const ids = dashboard.panels.map(({ id }: { id: number }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const [source, box] = dashboard.templating.list;
    assert.deepEqual([source.name, box.name], ['source', 'box']);
    assert.ok(families.has(/label_values\((\w+), instance\)/.exec(box.query.query)?.[1] ?? ''));
  });

  await t.test('docs/examples/alerts.yml asks for what there is alone, and the page tells of each alert', () => {
    const { groups } = parse(read('docs/examples/alerts.yml')) as {
      groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
    };
    const rules = groups.flatMap(group => group.rules);
    for (const { expr, annotations } of rules) {
      checkQuery(expr, families);
      assert.match(annotations.summary, /\.$/);
    }
    const told = [...page.matchAll(/^\| `(Lookdial\w+)` \|/gm)].map(([, name]) => name);
    assert.deepEqual(
      told,
      rules.map(({ alert }) => alert),
    );
  });

  await t.test('docs/watching.md names tests that there are, for what it gets over by itself', () => {
    const files = [...page.matchAll(/`(test\/[\w/.-]+)`/g)].map(([, file = '']) => file);
    assert.ok(files.length >= 5);
    for (const file of files) assert.ok(existsSync(resolve(ROOT, file)), file);
  });

  await t.test('a query that is none, or asks for what there is not, is found', () => {
    assert.throws(() => checkQuery('sum(rate(lookdial_request_seconds_count[5m])', families), /No query/);
    assert.throws(() => checkQuery('lookdial_nothing', families), /is no metric/);
    assert.throws(() => checkQuery('lookdial_request_seconds', families), /is no metric/);
    assert.throws(() => checkQuery('lookdial_waiting{line="search"}', families), /has no label line/);
  });
});
