import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Model } from '../../device/api/model-schemas.ts';
import { conditionalModel, kerasModel } from '../support/bundles.ts';
import { TestDaemon } from '../support/daemon.ts';

describe('model', () => {
  let daemon: TestDaemon;
  before(async () => {
    daemon = await TestDaemon.start();
  });
  after(() => daemon.close());

  const get = async (from = daemon): Promise<Model> => (await from.ask({ url: '/api/v1/model' })).json();

  it('says what the bundle is and how its numbers are meant', async () => {
    const { dials: _dials, store: _store, ...model } = await get();
    assert.deepEqual(model, {
      bundle: { id: 'own', version: '1.2.3', title: 'own' },
      edition: daemon.edition.id,
      provider: 'cpu',
      encoder: daemon.edition.bundle.encoderDigest,
      latentDim: 6,
      range: 5,
      tolerance: 0,
      shareTolerance: 0.5,
      parametrisation: 'logvar',
      picture: { width: 32, height: 32, sharpen: 8 },
      chain: false,
      conditions: null,
    });
    assert.match(model.edition, /^own@1\.2\.3\+[0-9a-f]{12}$/);
  });

  it('shows the dials that are to be shown, those that say most first, by the bundle’s names', async () => {
    const { dials } = await get();
    assert.deepEqual(
      dials.map(({ index }) => index),
      [0, 1, 2, 3, 4],
      'in the order of falling KL; the sixth is not shown',
    );
    const { density: _density, ...first } = dials[0] ?? assert.fail('no dial');
    assert.deepEqual(first, {
      index: 0,
      name: 'Length',
      low: 'short',
      high: 'long',
      own: { name: 'Length', low: 'short', high: 'long' },
      words: {},
      activity: 0.9,
      kl: 2,
      kinds: null,
    });
    const { density: _other, ...second } = dials[1] ?? assert.fail('no dial');
    const none = { name: null, low: null, high: null };
    assert.deepEqual(second, { index: 1, ...none, own: none, words: {}, activity: 0.9, kl: 1.9, kinds: null });
  });

  it('counts the stock along each dial', async () => {
    const { dials } = await get();
    const { index, dials: map } = daemon.edition;
    for (const { index: d, density } of dials) {
      const counts = Array.from({ length: 24 }, () => 0);
      for (let row = 0; row < index.count; row += 1) {
        const u = map.toDials(index.posterior(row).mu)[d] ?? 0;
        const bin = Math.min(23, Math.floor(((u + 5) / 10) * 24));
        if (index.sku(row) !== 'g001' && Math.abs(u) <= 5) counts[bin] = (counts[bin] ?? 0) + 1;
      }
      const fullest = Math.max(...counts);
      assert.deepEqual(
        density,
        counts.map(count => count / fullest),
      );
    }
  });

  it('says what the store has, and what its filters can offer', async () => {
    const { store } = await get();
    assert.deepEqual(
      { name: store.name, demonstration: store.demonstration, garments: store.garments, encoded: store.encoded },
      { name: 'Test store', demonstration: true, garments: 41, encoded: 40 },
    );
    assert.equal(store.currency, 'EUR');
    assert.deepEqual(store.categories.map(({ name }) => name).sort(), ['Dress', 'Shirt', 'Skirt']);
    assert.deepEqual(store.sizes.map(({ name }) => name).sort(), ['M', 'S']);
    assert.equal(
      store.colours.reduce((sum, { garments }) => sum + garments, 0),
      39,
      'the sold-out garment is not counted',
    );
  });

  it('changes when the catalogue does', async () => {
    const before = await get();
    const { catalogue } = daemon;
    const store = catalogue.store ?? assert.fail('no store');
    const items = catalogue.items({ limit: 200 }).items.map(one => ({ ...one, priceMinor: null }));
    catalogue.replace({ ...store, name: 'Renamed' }, items.slice(0, 10));
    const after = await get();
    assert.deepEqual([after.store.name, after.store.garments, after.store.encoded], ['Renamed', 10, 10]);
    assert.notDeepEqual(after.dials, before.dials, 'and so does the stock along the dials');
    catalogue.replace(store, items);
  });

  it('of a bundle without dials shows every dimension as it is, and of a conditional one its kinds', async () => {
    const [plain, conditional] = [
      await TestDaemon.start({ model: kerasModel() }),
      await TestDaemon.start({ model: conditionalModel() }),
    ];
    try {
      const { dials, picture } = await get(plain);
      assert.deepEqual(
        dials.map(({ index }) => index),
        [0, 1, 2, 3],
      );
      assert.deepEqual(picture, { width: 16, height: 12, sharpen: 1 });
      assert.deepEqual((await get(conditional)).conditions, {
        categories: ['Dress', 'Shirt', 'Skirt'],
        default: 'Shirt',
      });
    } finally {
      await plain.close();
      await conditional.close();
    }
  });
});
