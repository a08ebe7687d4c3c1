import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openBundle } from '../../device/inference/bundle.ts';
import { Installer } from '../../device/updates/installer.ts';
import { writeBundle } from '../support/bundle.ts';
import { PARTS } from '../support/update-box.ts';

describe('in the probation of a model, nets that are on another provider at every look', () => {
  /** What the watch says of them. @param restarts of each net, by how often it has looked */
  async function watched(restarts: (looks: number) => number): Promise<string | undefined> {
    let looks = 0;
    const inference = {
      state: 'serving',
      get provider() {
        return `provider ${looks}`;
      },
      get processes() {
        return { encoder: 1e9 + looks, decoder: 1e9 + looks };
      },
      get restarts() {
        return { encoder: restarts(looks), decoder: restarts(looks) };
      },
      decode: async () => {
        looks += 1;
        return {};
      },
      encode: async () => ({}),
    };
    const edition = { inference, bundle: await openBundle(writeBundle(PARTS)) };
    const installer = new Installer({ editions: { edition } } as never);
    const limits = { decodeP95Ms: 1_000, encodeP95Ms: 1_000, residentBytes: 1e9, selfRecall: 0 };
    return await installer.watch(limits, { lastsMs: 200, everyMs: 10 }, new AbortController().signal);
  }

  it('take the model back where they ended on the one before', async () => {
    assert.equal(await watched(looks => looks), 'Its nets ended 4 times.');
  });

  it('do not where they went over to a better one', async () => {
    assert.equal(await watched(() => 0), undefined);
  });
});
