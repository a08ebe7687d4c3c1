import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askAmid, copyOf, cutAt, cuttingFs, prepared, rotated } from '../../support/publishing-cuts.ts';

/** Each rename is two more places to be cut at; test/scripts/bundle/slow cuts at every step. */
const RENAMES = 5;

describe('publishing', () => {
  it('shows a box that asks after each change the old or the new, whole, though every key is another', async t => {
    const { publisher, knows, fresh } = await prepared(t, rotated);
    const seen: number[] = [];
    const { fs, steps } = cuttingFs(async () => {
      // Nothing of a repository changes but by a rename.
      if (steps.length > 0 && steps.at(-1) !== 'rename') return;
      seen.push((await knows.poll()).release, (await (await fresh()).poll()).release);
    });
    await publisher.publish({ fs });
    seen.push((await knows.update()).release);
    assert.equal(seen.length, 2 * RENAMES + 3);
    assert.deepEqual([...new Set(seen)], [1, 2]);
    assert.deepEqual(seen, [...seen].sort(), 'and never the old after the new');
  });

  it('shows a box that asks while all of it happens the old or the new, whole', t => askAmid(t, rotated));

  it('leaves what a box takes where it is cut, and is finished by the same command', async t => {
    const template = await prepared(t, rotated);
    const { fs, steps } = cuttingFs();
    await (await copyOf(t, template)).publisher.publish({ fs });
    const places = [...steps.keys()].filter(at => steps[at] === 'rename');
    assert.equal(places.length, RENAMES);
    for (const at of places) await cutAt(t, template, at);
  });
});
