import { test } from 'node:test';
import { askAmid, copyOf, cutAt, cuttingFs, prepared, rotated, second } from '../../../support/publishing-cuts.ts';

for (const [name, scene] of Object.entries({ second, rotated })) {
  test(`cut at every step of its writing, publishing (${name}) leaves what a box takes, and is finished by the same command`, async t => {
    const template = await prepared(t, scene);
    const { fs, steps } = cuttingFs();
    await (await copyOf(t, template)).publisher.publish({ fs });
    for (const at of steps.keys()) await cutAt(t, template, at);
    t.diagnostic(`cut at each of ${steps.length} steps`);
  });
}

test('a box that asks amid the publishing of a release gets the old or the new, whole', t => askAmid(t, second));
