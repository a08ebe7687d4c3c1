import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { asText, barText, writeJson } from '../../../scripts/bench/report.ts';
import { temporaryFolder } from '../../support/bundle.ts';

const table = {
  title: 'Nets',
  columns: ['net', 'p50 ms'],
  rows: [
    ['encoder', 0.25],
    ['decoder', 11],
  ],
};
const bar = { what: 'dial p50', unit: 'ms', got: 9.123, atMost: 8 };

describe('a result of the bench', () => {
  it('is a table with words to the left and numbers to the right', () => {
    assert.equal(asText(table), 'Nets\n  net      p50 ms\n  encoder    0.25\n  decoder      11');
  });

  it('says of each promised figure whether it holds', () => {
    assert.equal(barText(bar), '  dial p50: 9.12 ms, promised at most 8: falls short');
    assert.equal(barText({ ...bar, got: 8 }), '  dial p50: 8 ms, promised at most 8: holds');
  });

  it('is written as JSON too, with the machine it was measured on', () => {
    const suite = { name: 'nets', about: '', run: async () => ({ tables: [], sink: 0 }) };
    const path = writeJson(temporaryFolder('bench'), suite, { tables: [table], bars: [bar], sink: 5 });
    const written = JSON.parse(readFileSync(path, 'utf8'));
    assert.deepEqual(written.tables, [
      {
        title: 'Nets',
        rows: [
          { net: 'encoder', 'p50 ms': 0.25 },
          { net: 'decoder', 'p50 ms': 11 },
        ],
      },
    ]);
    assert.deepEqual(written.bars, [bar]);
    assert.equal(written.suite, 'nets');
    assert.equal(written.machine.node, process.version);
  });
});
