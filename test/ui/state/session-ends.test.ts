import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../../../ui/lib/api.ts';
import { NO_FILTERS } from '../../../ui/lib/filters.ts';
import { NO_CHOICES } from '../../../ui/state/look.ts';
import { garment, openRested } from '../support/open-session.ts';

describe('another model under a session', () => {
  it('goes on from the garment nearest to what was dialled, with what was kept and filtered', async () => {
    const { session, asked, rest } = await openRested();
    session.turn(0, 3);
    session.commit();
    await rest();
    session.change({ locked: [0], mattering: [1], filters: { ...NO_FILTERS, sizes: ['M'] } });
    session.shelf.keep(garment('K1'));
    const anchor = session.display.matches[0]!.sku;
    const started: string[] = [];
    asked.posterior = async sku => {
      started.push(sku);
      return { mu: [0.6, 0.6, 0.6, 0.6, 0.6], sigma: [1, 1, 1, 1, 1], dials: [0, 0, 0, 0, 0], encoder: '' };
    };
    asked.latentDim = 5;
    asked.edition = 'two';
    session.heard({ skus: [], more: true, edition: true });
    await rest();
    await rest();
    assert.deepEqual(started, [anchor]);
    assert.deepEqual(
      session.dials.map(value => value.toFixed(3)),
      ['1.000', '1.000', '1.000', '1.000', '1.000'],
    );
    assert.deepEqual(session.choices.locked, [], 'they were dials of the other model');
    assert.deepEqual(session.choices.mattering, []);
    assert.deepEqual(session.choices.filters.sizes, ['M']);
    assert.deepEqual(
      session.kept.garments.map(({ sku }) => sku),
      ['K1'],
    );
    assert.equal(session.trouble, undefined);
    session.turn(7, 1);
    assert.equal(session.dials.length, 5, 'a finger on a dial that is no more turns nothing');
  });

  it('finds out by itself where the daemon says that a point is none of the model’s', async () => {
    const { session, asked, rest } = await openRested();
    asked.latentDim = 2;
    asked.mu = [0.5, 0.5];
    asked.edition = 'two';
    asked.failures.push(new ApiError({ type: '', title: '', status: 400, detail: '', code: 'invalid-point' }));
    session.turn(0, 1);
    await rest();
    await rest();
    assert.equal(session.dials.length, 2);
    assert.equal(session.trouble, undefined);
  });
});

describe('a session that is over', () => {
  it('leaves nothing of the shopper, not even what is still on its way', async () => {
    const { session, asked, rest } = await openRested();
    await session.choose('Dress');
    session.turn(0, 4);
    session.commit();
    session.change({ locked: [1], mattering: [2], filters: { ...NO_FILTERS, sizes: ['M'] } });
    session.shelf.keep(garment('K1'));
    await rest();
    asked.held = true;
    session.turn(0, 5);
    session.forget();
    const seen = () => ({ picture: session.display.picture, steps: session.history?.steps.length });
    assert.deepEqual(seen(), { picture: undefined, steps: undefined });
    assert.deepEqual(session.display.matches, []);
    const shown = new Set<number | undefined>();
    session.addEventListener('change', () => shown.add(session.display.picture?.rgba[0]));
    asked.release();
    await rest();
    assert.ok(!shown.has(100), 'what was dialled before came late, and was shown');
    assert.deepEqual(session.dials, [0, 0, 0]);
    assert.deepEqual(session.choices, NO_CHOICES);
    assert.equal(session.kind, undefined);
    assert.equal(session.begun, false);
    assert.equal(session.picking, true);
    assert.deepEqual(session.kept.garments, []);
    assert.equal(session.shelf.of('K1'), undefined);
    assert.equal(seen().steps, 1);
    assert.equal(seen().picture?.rgba[0], 50, 'the first garment, and none that was dialled before');
  });
});
