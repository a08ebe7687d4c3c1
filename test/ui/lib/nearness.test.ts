import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NEARNESS } from '../../../device/matching/yardstick.ts';
import { headlineOf, nearnessOf } from '../../../ui/lib/nearness.ts';
import { de } from '../../../ui/locales/de.ts';
import { en } from '../../../ui/locales/en.ts';

describe('how near a garment is said to be', () => {
  it('is one judgement: what stands above the rail never says more, or less, than the first tag', () => {
    const together = NEARNESS.map(nearness => [headlineOf({ nearness }), nearnessOf({ nearness }, 0)]);
    assert.deepEqual(together, [
      ['very-one', 'very-one'],
      ['in-stock-like', 'close'],
      ['nearest-we-have', 'nearest'],
      ['nothing-close', 'nearest'],
    ]);
  });

  it('calls the first alone the very one, and the first alone the nearest', () => {
    assert.deepEqual(
      NEARNESS.map(nearness => nearnessOf({ nearness }, 1)),
      ['close', 'close', 'kin', 'kin'],
    );
  });

  it('has words for each in every language', () => {
    for (const texts of [en, de]) {
      for (const nearness of NEARNESS) {
        assert.ok(texts.verdict[headlineOf({ nearness })].length > 0);
        assert.ok(texts.nearness[nearnessOf({ nearness }, 0)].length > 0);
      }
    }
  });
});
