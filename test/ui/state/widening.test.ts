import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Filter, Match, MatchAnswer } from '../../../device/api/match-schemas.ts';
import { DaemonGone } from '../../../ui/lib/api.ts';
import { type Filters, NO_FILTERS } from '../../../ui/lib/filters.ts';
import { Widening } from '../../../ui/state/widening.ts';

const match = (sku: string, logLikelihood: number, nearness: Match['nearness'] = 'nothing-close'): Match => ({
  sku,
  title: sku,
  category: null,
  colour: null,
  price: null,
  currency: null,
  sizes: null,
  location: null,
  image: '',
  logLikelihood,
  mahalanobisSquared: 0,
  share: 1,
  nearness,
});
const question = { z: [0], k: 14 };
const all: Filters = { sizes: ['M'], colours: ['red'], price: { max: 50 } };

/** @param first What is nearest with a filter. */
function widening(first: (filter: Filter) => Match | undefined) {
  const asked: Filter[] = [];
  const api = {
    match: async ({ filter = {} }: { filter?: Filter }): Promise<MatchAnswer> => {
      asked.push(filter);
      const found = first(filter);
      return {
        matches: found === undefined ? [] : [found],
        typicality: { centile: 0, verdict: 'nothing-close' },
        considered: 1,
        tolerance: 0,
        z: [0],
        edition: '',
        tookMs: 0,
      };
    },
  };
  return { asked, widening: new Widening(api, () => undefined) };
}

describe('the filter that hurts most', () => {
  it('is the one without which the nearest garment is the likeliest', async () => {
    const { asked, widening: one } = widening(filter =>
      filter.colours === undefined
        ? match('near', -1)
        : filter.sizes === undefined
          ? match('less', -5)
          : match('far', -9),
    );
    await one.look(question, 'Dress', all, match('far', -9));
    assert.equal(one.wider, 'colours');
    assert.equal(asked.length, 3);
    assert.ok(
      asked.every(({ categories }) => categories?.join() === 'Dress'),
      'the kind stays',
    );
  });

  it('is not looked for while something close hangs here, or nothing is filtered', async () => {
    const { asked, widening: one } = widening(() => match('near', -1));
    await one.look(question, undefined, all, match('here', -2, 'nearest-we-have'));
    await one.look(question, undefined, NO_FILTERS, match('here', -2));
    assert.equal(one.wider, undefined);
    assert.equal(asked.length, 0);
  });

  it('is none where the nearest is the same without each of them', async () => {
    const { widening: one } = widening(() => match('far', -9));
    await one.look(question, undefined, all, match('far', -9));
    assert.equal(one.wider, undefined);
  });

  it('is all of them where nothing passes, and no single one is to blame', async () => {
    const { widening: one } = widening(filter => (Object.keys(filter).length === 0 ? match('any', -1) : undefined));
    await one.look(question, undefined, all, undefined);
    assert.equal(one.wider, 'all');
  });

  it('holds no more once another thing is dialled, and says nothing while the daemon is away', async () => {
    const { widening: one } = widening(() => match('near', -1));
    const late = one.look(question, undefined, all, undefined);
    one.forget();
    await late;
    assert.equal(one.wider, undefined);
    const { widening: gone } = widening(() => {
      throw new DaemonGone('away');
    });
    await gone.look(question, undefined, all, undefined);
    assert.equal(gone.wider, undefined);
  });
});
