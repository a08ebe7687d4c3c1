import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../../../device/errors.ts';
import { ApiError, DaemonGone } from '../../../ui/lib/api.ts';
import { Garments } from '../../../ui/state/garments.ts';
import { fakeGarmentsApi, itemOf, SHOWN } from '../support/fake-garments-api.ts';
import { reportedIn } from '../support/reported.ts';

const refusal = (code: ErrorCode): ApiError => new ApiError({ type: '', title: '', status: 400, detail: code, code });
const PICTURE = new Blob(['x'], { type: 'image/jpeg' });

function started() {
  const asked: string[] = [];
  const fails = new Map<string, Error>();
  /** Answers that wait until the test lets them go. */
  const held = new Map<string, Promise<void>>();
  const api = fakeGarmentsApi(async (call, value) => {
    asked.push(call);
    const [name = ''] = call.split(' ');
    await held.get(call);
    const error = fails.get(name);
    if (error !== undefined) throw error;
    return value;
  });
  const garments = new Garments(api, error => error instanceof ApiError && error.code === 'key-refused');
  return { garments, asked, fails, held };
}

async function chosen(sku = 'scarf'): Promise<ReturnType<typeof started>> {
  const made = started();
  await made.garments.open();
  made.garments.choose(sku);
  assert.equal(made.garments.step, 'garment');
  return made;
}

describe('a garment that staff look after', () => {
  it('is found by what is typed, and the answer to what was typed last counts', async () => {
    const { garments, asked, held } = started();
    await garments.open();
    const late = Promise.withResolvers<void>();
    held.set('find c', late.promise);
    const first = garments.look('c');
    await garments.look('co');
    garments.found = [itemOf('kept', true)];
    late.resolve();
    await first;
    assert.deepEqual(
      garments.found.map(({ sku }) => sku),
      ['kept'],
    );
    assert.deepEqual(asked, ['find ', 'find c', 'find co']);
    assert.equal(garments.query, 'co');
  });

  it('is photographed, looked at, and taken', async () => {
    const { garments, asked } = await chosen();
    await garments.photograph(PICTURE);
    assert.deepEqual([garments.step, garments.shown, garments.picture?.type], ['look', SHOWN, 'image/webp']);
    await garments.take();
    assert.deepEqual([garments.step, garments.shown, garments.garment?.encoded], ['taken', undefined, true]);
    assert.equal(garments.garment?.image, '/api/v1/items/scarf/image?v=2');
    assert.deepEqual(asked, ['find ', 'cutOut', 'picture /api/v1/cutouts/5f3a', 'take scarf 5f3a']);
  });

  it('is photographed again where no garment was found, or the cut-out was kept for its time', async () => {
    const { garments, fails } = await chosen();
    fails.set('cutOut', refusal('no-garment-found'));
    await garments.photograph(PICTURE);
    assert.deepEqual([garments.step, garments.trouble], ['garment', 'no-garment-found']);
    fails.clear();
    await garments.photograph(PICTURE);
    fails.set('take', refusal('cutout-not-found'));
    await garments.take();
    assert.deepEqual([garments.step, garments.trouble, garments.shown], ['garment', 'cutout-not-found', undefined]);
  });

  it('keeps its cut-out where the box is away for a moment', async () => {
    const { garments, fails } = await chosen();
    await garments.photograph(PICTURE);
    fails.set('take', new DaemonGone('No answer.'));
    await garments.take();
    assert.deepEqual([garments.step, garments.trouble, garments.shown], ['look', 'gone', SHOWN]);
    fails.clear();
    await garments.take();
    assert.equal(garments.step, 'taken');
  });

  it('is looked at again after a fault of the page’s own, which is reported and said to be none of the network', async t => {
    const reported = reportedIn(t);
    const { garments, fails } = await chosen();
    const fault = new TypeError('undefined is not a function');
    fails.set('cutOut', fault);
    await garments.photograph(PICTURE);
    assert.deepEqual([reported, garments.trouble, garments.step], [[fault], 'internal', 'garment']);
    fails.clear();
    await garments.photograph(PICTURE);
    assert.deepEqual([garments.trouble, garments.step], [undefined, 'look']);
  });

  it('is taken out', async () => {
    const { garments, asked } = await chosen('coat');
    await garments.remove();
    assert.deepEqual([garments.step, asked.at(-1)], ['removed', 'remove coat']);
  });

  it('is nobody’s to see after the page was left, whatever comes late', async () => {
    const { garments, held } = await chosen();
    const late = Promise.withResolvers<void>();
    held.set('cutOut', late.promise);
    const photographing = garments.photograph(PICTURE);
    garments.close();
    late.resolve();
    await photographing;
    assert.deepEqual(
      [garments.step, garments.shown, garments.garment, garments.found],
      ['away', undefined, undefined, []],
    );
  });

  it('leaves a refused key to the page', async () => {
    const { garments, fails } = await chosen();
    fails.set('remove', refusal('key-refused'));
    await garments.remove();
    assert.equal(garments.trouble, undefined);
  });
});
