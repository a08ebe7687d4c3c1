import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Filter } from '../../../device/api/match-schemas.ts';
import { ApiError } from '../../../ui/lib/api.ts';
import { NO_FILTERS } from '../../../ui/lib/filters.ts';
import type { Sheet } from '../../../ui/lib/map-answer.ts';
import { Atlas } from '../../../ui/state/atlas.ts';
import { handClock } from '../support/hand-clock.ts';

const empty = { places: [], skus: [], xy: new Uint16Array(), place: new Uint8Array(), passes: new Uint8Array() };
const sheetOf = (edition: string): Sheet => ({ ...empty, edition });
const undrawn = new ApiError({ type: '', title: '', detail: '', code: 'no-map', status: 404 });

/** Answers one after another; an error is thrown. */
const answering = (...answers: (Sheet | Error)[]) => {
  const asked: Filter[] = [];
  const map = async (filter: Filter): Promise<Sheet> => {
    asked.push(filter);
    const answer = answers[Math.min(asked.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { api: { map }, asked };
};

/** Answers when the test says so. */
const holding = () => {
  const waiting: PromiseWithResolvers<Sheet>[] = [];
  const map = (): Promise<Sheet> => {
    const answer = Promise.withResolvers<Sheet>();
    waiting.push(answer);
    return answer.promise;
  };
  return { api: { map }, waiting };
};

describe('the atlas', () => {
  it('asks for the map until it is drawn, while somebody looks', async () => {
    const { api, asked } = answering(undrawn, undrawn, sheetOf('one'));
    const clock = handClock();
    const atlas = new Atlas(api, clock);
    await atlas.open(undefined, NO_FILTERS);
    assert.deepEqual([atlas.drawing, atlas.sheet], [true, undefined]);
    clock.pass(2_000);
    await nextTurn();
    clock.pass(2_000);
    await nextTurn();
    assert.deepEqual([atlas.drawing, atlas.sheet?.edition, asked.length], [false, 'one', 3]);
  });

  it('asks no more once nobody looks', async () => {
    const { api, asked } = answering(undrawn);
    const clock = handClock();
    const atlas = new Atlas(api, clock);
    await atlas.open(undefined, NO_FILTERS);
    atlas.close();
    clock.pass(10_000);
    await nextTurn();
    await atlas.lookAgain();
    assert.equal(asked.length, 1);
  });

  it('shows what was asked for last, whatever comes late', async () => {
    const { api, waiting } = holding();
    const atlas = new Atlas(api);
    const opening = atlas.open(undefined, NO_FILTERS);
    const showing = atlas.show('Dress', NO_FILTERS);
    waiting[1]!.resolve(sheetOf('dresses'));
    waiting[0]!.resolve(sheetOf('everything'));
    await Promise.all([opening, showing]);
    assert.deepEqual([atlas.kind, atlas.sheet?.edition], ['Dress', 'dresses']);
  });

  it('keeps the map it has while the daemon is away, and looks again when the store has changed', async () => {
    const { api } = answering(sheetOf('one'), undrawn, sheetOf('two'));
    const clock = handClock();
    const atlas = new Atlas(api, clock);
    await atlas.open(undefined, NO_FILTERS);
    await atlas.lookAgain();
    assert.deepEqual([atlas.drawing, atlas.sheet?.edition], [false, 'one']);
    clock.pass(2_000);
    await nextTurn();
    assert.equal(atlas.sheet?.edition, 'two');
  });

  it('asks once more, and no oftener, however often the store changes meanwhile', async () => {
    const { api, waiting } = holding();
    const atlas = new Atlas(api);
    const opening = atlas.open(undefined, NO_FILTERS);
    for (let change = 0; change < 5; change += 1) void atlas.lookAgain();
    waiting[0]!.resolve(sheetOf('one'));
    await nextTurn();
    assert.equal(waiting.length, 2);
    waiting[1]!.resolve(sheetOf('two'));
    await opening;
    assert.deepEqual([waiting.length, atlas.sheet?.edition], [2, 'two']);
  });

  it('asks for what the shopper wants, and again when they want something else', async () => {
    const { api, asked } = answering(sheetOf('one'));
    const atlas = new Atlas(api);
    const filters = { sizes: ['M', 'L'], colours: ['blue'], price: { max: 49.99 } };
    await atlas.open('Dress', filters);
    await atlas.show('Dress', filters);
    await atlas.show(undefined, filters);
    await atlas.show(undefined, NO_FILTERS);
    const wanted = { sizes: ['M', 'L'], colours: ['blue'], priceMax: 49.99 };
    assert.deepEqual(asked, [{ categories: ['Dress'], ...wanted }, wanted, {}]);
  });

  it('does not show what was wanted before when it is opened anew', async () => {
    const { api, waiting } = holding();
    const atlas = new Atlas(api);
    const first = atlas.open(undefined, NO_FILTERS);
    waiting[0]!.resolve(sheetOf('one'));
    await first;
    atlas.close();
    void atlas.open(undefined, { ...NO_FILTERS, sizes: ['M'] });
    assert.equal(atlas.sheet, undefined);
    atlas.close();
    void atlas.open(undefined, atlas.filters);
    assert.equal(waiting.length, 3, 'and it is asked for each time it is opened');
  });

  it('keeps what it has where nothing on it has changed', async () => {
    const { api } = answering(sheetOf('one'), sheetOf('one'));
    const atlas = new Atlas(api);
    await atlas.open(undefined, NO_FILTERS);
    const { sheet } = atlas;
    await atlas.lookAgain();
    assert.equal(atlas.sheet, sheet);
  });
});
