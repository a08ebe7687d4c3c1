import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { DialWordsRequest } from '../../../device/api/dial-word-schemas.ts';
import type { Dial } from '../../../device/api/model-schemas.ts';
import type { ErrorCode } from '../../../device/errors.ts';
import { ApiError, type Point } from '../../../ui/lib/api.ts';
import { Naming } from '../../../ui/state/naming.ts';
import { FakeAsked, RANGE } from '../support/fake-asked.ts';
import { reportedIn } from '../support/reported.ts';

const none = { name: null, low: null, high: null };
const dialOf = (index: number, more: Partial<Dial> = {}): Dial => ({
  index,
  ...none,
  own: none,
  words: {},
  activity: 1,
  kl: 1,
  density: [],
  kinds: null,
  ...more,
});
const GERMAN = { name: 'Ärmel', low: 'kürzer', high: null };
const refused = (code: ErrorCode): ApiError => new ApiError({ type: '', title: '', status: 400, detail: code, code });
const turn = (): Promise<void> => new Promise(go => setImmediate(go));

/** A box with three dials, the second of which has a name; what it is asked to write is noted, and served. */
function started() {
  const shop = new FakeAsked();
  const own = { name: 'length', low: 'shorter', high: 'longer' };
  shop.dials = [dialOf(0), dialOf(1, { own, ...own }), dialOf(2)];
  const written: [number, DialWordsRequest][] = [];
  const drawn: Point[] = [];
  const generate = shop.generate;
  shop.generate = point => {
    drawn.push(point);
    return generate(point);
  };
  const fails: { code?: ErrorCode } = {};
  const naming = new Naming(
    {
      shop,
      nameDial: async (index, request) => {
        if (fails.code !== undefined) throw refused(fails.code);
        const now = shop.dials.find(dial => dial.index === index)?.words;
        if (request.was !== undefined && !isDeepStrictEqual(request.was, now)) throw refused('words-changed');
        written.push([index, request]);
        shop.dials = shop.dials.map(dial => (dial.index === index ? { ...dial, words: request.words } : dial));
        return { index, encoder: request.encoder, words: request.words };
      },
    },
    () => false,
  );
  return { naming, shop, written, drawn, fails };
}

async function at(index: number) {
  const made = started();
  await made.naming.open('de');
  await made.naming.choose(index);
  await turn();
  return made;
}

describe('naming a dial at the screen', () => {
  it('shows the dials with what their ends make of a garment', async () => {
    const { naming } = started();
    await naming.open('de');
    assert.equal(naming.step, 'choose');
    assert.deepEqual(naming.model?.dials.length, 3);
    for (const { index } of naming.model?.dials ?? []) assert.ok(naming.ends.of(index), `dial ${index}`);
  });

  it('draws the garment anew for each turn of the dial, and moves that dial alone', async () => {
    const { naming, drawn } = await at(2);
    assert.equal(naming.position, 3, 'behind the one with a name, as in the shop window');
    assert.ok(naming.picture !== undefined);
    drawn.length = 0;
    naming.turn(3);
    await turn();
    const [{ z } = assert.fail('nothing was drawn')] = drawn;
    assert.deepEqual(z, [0.5, 0.5, 0.5 + 0.1 * 3]);
    assert.deepEqual(drawn.length, 1);
  });

  it('goes to the garment where the dial is turned to, on another garment too', async () => {
    const { naming, shop, drawn } = await at(0);
    shop.mu = [0.7, 0.5, 0.5];
    drawn.length = 0;
    await naming.otherGarment();
    assert.equal(naming.value.toFixed(6), '2.000000');
    assert.deepEqual(
      drawn[0]?.z.map(value => value.toFixed(3)),
      ['0.700', '0.500', '0.500'],
    );
    const ends = drawn.slice(1).map(({ z }) => z[0]?.toFixed(3));
    assert.deepEqual(ends, [(0.5 - 0.1 * RANGE).toFixed(3), (0.5 + 0.1 * RANGE).toFixed(3)]);
  });

  it('is drawn on a garment that has what the dial turns', async () => {
    const { naming, shop, drawn } = started();
    shop.conditions = { categories: ['Skirt', 'Shirt'], default: 'Skirt' };
    shop.category = 'Skirt';
    shop.dials = [dialOf(0, { kinds: ['Shirt'] })];
    await naming.open('de');
    shop.category = 'Shirt';
    await naming.choose(0);
    assert.deepEqual(drawn.at(-1)?.condition, { category: 'Shirt' });
  });

  it('saves what was written, in each language, for the model that it was written for', async () => {
    const { naming, shop, written } = await at(0);
    assert.equal(naming.canSave, false, 'nothing is written');
    naming.type('Ärmel');
    naming.write('low');
    naming.type('kürzer');
    naming.speak('en');
    naming.type('Sleeves');
    assert.equal(naming.canSave, true);
    await naming.save();
    const words = { en: { name: 'Sleeves', low: null, high: null }, de: GERMAN };
    const { encoder } = await shop.model();
    assert.deepEqual(written, [[0, { encoder, was: {}, words }]]);
    assert.deepEqual([naming.saved, naming.isChanged, naming.canSave], [true, false, false]);
  });

  it('saves no ends without a name', async () => {
    const { naming, written } = await at(0);
    naming.write('high');
    naming.type('länger');
    assert.equal(naming.canSave, false);
    await naming.save();
    assert.deepEqual(written, []);
    assert.equal(naming.canUndo, true);
    await naming.undo();
    assert.equal(naming.draft.de.high, '');
  });

  it('takes back what was written, then what was saved', async () => {
    const { naming, written } = await at(0);
    naming.type('Ärmel');
    await naming.save();
    naming.type('Aermel');
    await naming.undo();
    assert.equal(naming.draft.de.name, 'Ärmel');
    assert.equal(written.length, 1);
    await naming.undo();
    assert.deepEqual(written.at(-1)?.[1].words, {});
    assert.equal(naming.draft.de.name, '');
    assert.equal(naming.canUndo, false, 'there is nothing before');
  });

  it('goes back to the dial’s own words, and from there too', async () => {
    const { naming, written } = await at(0);
    assert.equal(naming.canForget, false);
    naming.type('Ärmel');
    await naming.save();
    await naming.forgetWords();
    assert.deepEqual(written.at(-1)?.[1].words, {});
    assert.equal(naming.canForget, false);
    await naming.undo();
    assert.equal(naming.draft.de.name, 'Ärmel');
  });

  it('says what went wrong, and keeps what was written', async () => {
    const { naming, fails } = await at(0);
    naming.type('Ärmel');
    fails.code = 'disk-full';
    await naming.save();
    assert.deepEqual([naming.trouble, naming.draft.de.name, naming.saved], ['disk-full', 'Ärmel', false]);
    assert.equal(naming.canSave, true);
  });

  it('reports a fault of the page’s own, which is no box that is away, and can be tried again', async t => {
    const reported = reportedIn(t);
    const { naming, shop, written } = await at(0);
    const { surprise } = shop;
    const fault = new TypeError('undefined is not a function');
    shop.surprise = () => Promise.reject(fault);
    await naming.otherGarment();
    assert.deepEqual([reported, naming.trouble, naming.step], [[fault], 'internal', 'dial']);
    shop.surprise = surprise;
    await naming.otherGarment();
    naming.type('Ärmel');
    await naming.save();
    assert.deepEqual([reported.length, naming.trouble, naming.saved, written.length], [1, undefined, true, 1]);
  });

  it('goes back to the dials where another model serves by now, and says so', async () => {
    const { naming, fails, shop } = await at(0);
    naming.type('Ärmel');
    fails.code = 'model-changed';
    shop.latentDim = 2;
    shop.dials = shop.dials.slice(0, 2);
    shop.edition = 'two';
    shop.mu = [0.5, 0.5];
    await naming.save();
    assert.deepEqual([naming.step, naming.dial, naming.trouble], ['choose', undefined, 'model-changed']);
    assert.equal(naming.draft.de.name, '', 'what was written belongs to none of its dials');
  });

  it('hears that another model serves before anything is saved', async () => {
    const { naming, shop } = await at(0);
    shop.latentDim = 2;
    shop.dials = shop.dials.slice(0, 2);
    shop.edition = 'two';
    shop.mu = [0.5, 0.5];
    await naming.heard();
    assert.deepEqual([naming.step, naming.trouble], ['choose', 'model-changed']);
  });

  it('hears what another screen called the dial, unless somebody is writing here', async () => {
    const { naming, shop } = await at(0);
    shop.dials = shop.dials.map(dial => (dial.index === 0 ? { ...dial, words: { de: GERMAN } } : dial));
    await naming.heard();
    assert.equal(naming.draft.de.name, 'Ärmel');
    naming.type('Arm');
    shop.dials = shop.dials.map(dial => (dial.index === 0 ? { ...dial, words: {} } : dial));
    await naming.heard();
    assert.equal(naming.draft.de.name, 'Arm');
    assert.equal(naming.trouble, 'words-changed', 'and says so');
  });

  it('writes over nobody’s words unseen: they are said to be there, and saving again or undoing decides', async () => {
    const elsewhere = { de: { name: 'Saum', low: null, high: null } };
    const named = async () => {
      const made = await at(0);
      made.shop.dials = made.shop.dials.map(dial => (dial.index === 0 ? { ...dial, words: elsewhere } : dial));
      made.naming.type('Ärmel');
      await made.naming.save();
      const { trouble, draft, dial, saved } = made.naming;
      assert.deepEqual([trouble, draft.de.name, dial?.words, saved], ['words-changed', 'Ärmel', elsewhere, false]);
      assert.deepEqual(made.written, []);
      return made;
    };
    const over = await named();
    await over.naming.save();
    assert.deepEqual([over.naming.trouble, over.naming.saved, over.written.length], [undefined, true, 1]);
    const taken = await named();
    await taken.naming.undo();
    assert.deepEqual([taken.naming.draft.de.name, taken.naming.canUndo, taken.written], ['Saum', false, []]);
  });
});
