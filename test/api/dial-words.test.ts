import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { DIAL_LANGUAGES, LONGEST_END, LONGEST_NAME } from '../../device/api/dial-word-schemas.ts';
import type { Dial, Model } from '../../device/api/model-schemas.ts';
import type { Problem } from '../../device/api/schemas.ts';
import type { BoxEvent } from '../../device/events.ts';
import { LONGEST } from '../../ui/lib/dial-draft.ts';
import { LANGUAGES } from '../../ui/locales/index.ts';
import { kerasModel } from '../support/bundles.ts';
import { TestDaemon } from '../support/daemon.ts';
import { bearer, enter } from '../support/staff.ts';

const ENGLISH = { name: 'Sleeves', low: 'shorter', high: 'longer' };
const GERMAN = { name: 'Ärmel', low: null, high: null };

describe('naming a dial', () => {
  let daemon: TestDaemon;
  let staff: Record<string, string>;
  const heard: BoxEvent[] = [];
  before(async () => {
    daemon = await TestDaemon.start();
    staff = bearer(await enter(daemon));
    daemon.events.listen(event => heard.push(event));
  });
  after(() => daemon.close());
  afterEach(async () => {
    for (const index of [0, 1]) await name({}, { index });
    heard.length = 0;
  });

  const encoder = (): string => daemon.edition.bundle.encoderDigest;
  const put = (url: string, body: unknown, headers = staff): Promise<LightMyRequestResponse> =>
    daemon.ask({
      method: 'PUT',
      url,
      payload: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const name = (
    words: unknown,
    {
      index = 1,
      of = encoder(),
      headers = staff,
    }: { index?: number | string; of?: string; headers?: Record<string, string> } = {},
  ) => put(`/api/v1/dials/${index}/words`, { encoder: of, words }, headers);
  const dial = async (index: number, from = daemon): Promise<Dial> => {
    const model: Model = (await from.ask({ url: '/api/v1/model' })).json();
    return model.dials.find(one => one.index === index) ?? assert.fail(`no dial ${index}`);
  };

  it('is served in the words that staff gave it, in each language, and its own stay known', async () => {
    const answer = await name({ en: ENGLISH, de: GERMAN }, { index: 0 });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual(answer.json(), { index: 0, encoder: encoder(), words: { en: ENGLISH, de: GERMAN } });
    const named = await dial(0);
    assert.deepEqual({ name: named.name, low: named.low, high: named.high }, ENGLISH);
    assert.deepEqual(named.own, { name: 'Length', low: 'short', high: 'long' });
    assert.deepEqual(named.words, { en: ENGLISH, de: GERMAN });
  });

  it('keeps its own name in English where staff named it in another language alone', async () => {
    await name({ de: GERMAN }, { index: 0 });
    assert.equal((await dial(0)).name, 'Length');
  });

  it('takes all that was said before away, and without words gives it its own back', async () => {
    await name({ en: ENGLISH, de: GERMAN }, { index: 0 });
    await name({ de: GERMAN }, { index: 0 });
    assert.deepEqual((await dial(0)).words, { de: GERMAN });
    await name({}, { index: 0 });
    const { words, name: called } = await dial(0);
    assert.deepEqual([words, called], [{}, 'Length']);
  });

  it('is told to every screen', async () => {
    await name({ de: GERMAN });
    assert.deepEqual(heard, [{ type: 'dials', data: { encoder: encoder() } }]);
  });

  it('is for staff and for keys for admin, and is in the audit', async () => {
    assert.equal((await name({ de: GERMAN }, { headers: {} })).statusCode, 401);
    const refused = await name({ de: GERMAN }, { headers: daemon.key('inventory') });
    assert.equal(refused.json<Problem>().code, 'scope-missing');
    assert.deepEqual((await dial(1)).words, {}, 'nothing was changed');
    assert.equal((await name({ de: GERMAN }, { headers: daemon.key('admin') })).statusCode, 200);
    await name({ en: ENGLISH });
    const [line] = daemon.access.audit.page(1);
    assert.deepEqual(
      [line?.what, line?.subject, line?.who, line?.outcome],
      ['PUT /api/v1/dials/:index/words', '1', 'staff', 200],
    );
  });

  it('is refused for another model than the one that serves, and changes nothing', async () => {
    const answer = await name({ de: GERMAN }, { of: 'f'.repeat(64) });
    assert.equal(answer.statusCode, 409);
    const problem = answer.json<Problem>();
    assert.deepEqual([problem.code, problem.field], ['model-changed', 'encoder']);
    assert.deepEqual((await dial(1)).words, {});
    assert.deepEqual(heard, []);
  });

  it('is not written over unseen by the second of two who name it at once', async () => {
    await name({ de: GERMAN });
    const as = (was: unknown, words: unknown) => put('/api/v1/dials/1/words', { encoder: encoder(), was, words });
    heard.length = 0;
    const late = await as({}, { en: ENGLISH });
    const problem = late.json<Problem>();
    assert.deepEqual([late.statusCode, problem.code, problem.field], [409, 'words-changed', 'was']);
    assert.deepEqual([(await dial(1)).words, heard], [{ de: GERMAN }, []], 'nothing was changed');
    const { low, high, name: called } = GERMAN;
    const knowing = await as({ de: { high, low, name: called } }, { en: ENGLISH, de: GERMAN });
    assert.equal(knowing.statusCode, 200, knowing.body);
    assert.equal((await as((await dial(1)).words, {})).statusCode, 200, 'as the model says it');
    assert.equal((await as({}, { de: GERMAN })).statusCode, 200, 'a dial without words');
    assert.equal((await name({ en: ENGLISH })).statusCode, 200, 'who does not say what it was called writes over it');
  });

  it('is not worn by a model with another encoder, and waits for its own', async () => {
    const other = await TestDaemon.start({ model: kerasModel() });
    try {
      assert.notEqual(other.edition.bundle.encoderDigest, encoder());
      other.catalogue.setStaffWords(encoder(), 1, { de: GERMAN });
      assert.deepEqual((await dial(1, other)).words, {});
      other.catalogue.setStaffWords(other.edition.bundle.encoderDigest, 1, { en: ENGLISH });
      assert.deepEqual((await dial(1, other)).words, { en: ENGLISH });
      assert.deepEqual(other.catalogue.staffWords(encoder()), new Map([[1, { de: GERMAN }]]), 'it waits');
    } finally {
      await other.close();
    }
  });

  it('keeps words by one spelling, without spaces at their ends', async () => {
    const answer = await name({ de: { name: '  A\u0308rmel   lang ', low: 'ku\u0308rzer', high: null } });
    assert.deepEqual(answer.json().words, { de: { name: 'Ärmel lang', low: 'kürzer', high: null } });
  });

  it('takes words of every script of the kiosk, and the joiners that belong to them', async () => {
    const words = {
      ja: { name: 'そで・ガラ', low: 'みじかい', high: 'ながい' },
      ar: { name: 'الأكمام', low: 'أقصر', high: 'أ\u200cطول' },
      fr: { name: 'L’œuvre & l’été', low: '½', high: '→' },
    };
    const answer = await name(words);
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual((await dial(1)).words, words);
  });

  const long = (letters: number): string => 'm'.repeat(letters);
  const wrong: Record<string, [words: unknown, field: RegExp]> = {
    'an empty name': [{ de: { ...GERMAN, name: '' } }, /words\.de\.name/],
    'a name of spaces': [{ de: { ...GERMAN, name: '   ' } }, /words\.de\.name/],
    'a name of points alone': [{ de: { ...GERMAN, name: '…' } }, /words\.de\.name/],
    'a name that is too long': [{ de: { ...GERMAN, name: long(LONGEST_NAME + 1) } }, /words\.de\.name/],
    'an end that is too long': [{ de: { ...GERMAN, low: long(LONGEST_END + 1) } }, /words\.de\.low/],
    'an empty end': [{ de: { ...GERMAN, high: '' } }, /words\.de\.high/],
    'a line break': [{ de: { ...GERMAN, name: 'Är\nmel' } }, /words\.de\.name/],
    'a NUL': [{ en: { ...ENGLISH, low: 'a\u0000b' } }, /words\.en\.low/],
    'a mark that turns the line': [{ en: { ...ENGLISH, high: '\u202elonger' } }, /words\.en\.high/],
    'half a letter': [{ en: { ...ENGLISH, name: 'a\ud800b' } }, /words\.en\.name/],
    'a letter that nobody has assigned': [{ en: { ...ENGLISH, name: 'a\u0378' } }, /words\.en\.name/],
    'no ends': [{ de: { name: 'Ärmel' } }, /words\.de/],
    'a language the kiosk has not': [{ tlh: GERMAN }, /words/],
    'a field nobody knows': [{ de: { ...GERMAN, middle: 'mittel' } }, /words\.de/],
    'no words at all': [null, /words/],
    'a list': [[GERMAN], /words/],
    'the prototype': [JSON.parse('{"__proto__": {"name": "x", "low": null, "high": null}}'), /^$/],
  };
  for (const [what, [words, field]] of Object.entries(wrong)) {
    it(`is refused for ${what}`, async () => {
      const answer = await name(words);
      assert.equal(answer.statusCode, 400, answer.body);
      const problem = answer.json<Problem>();
      assert.equal(problem.code, 'invalid-request');
      assert.match(problem.field ?? '', field);
      assert.deepEqual((await dial(1)).words, {});
    });
  }

  it('is refused for a dial that there is not, and for one that is not shown', async () => {
    for (const index of [6, 63, 5, -1, 'x', 64, 1.5]) {
      const answer = await name({ de: GERMAN }, { index });
      assert.equal(answer.statusCode, 400, `${index}: ${answer.body}`);
      assert.equal(answer.json<Problem>().field, 'index');
    }
  });

  it('counts the longest in characters, not in halves of them', async () => {
    const letters = '𝒜'.repeat(LONGEST_NAME);
    assert.equal((await name({ en: { ...ENGLISH, name: letters } })).statusCode, 200);
  });

  it('knows the languages and the lengths that the screen knows', () => {
    assert.deepEqual([...DIAL_LANGUAGES].sort(), [...LANGUAGES].sort());
    assert.deepEqual(LONGEST, { name: LONGEST_NAME, low: LONGEST_END, high: LONGEST_END });
  });
});
