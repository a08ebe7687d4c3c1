import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Installer } from '../../device/updates/installer.ts';

describe('in the probation of a model, nets whose processes are others', () => {
  /** What the watch says of nets whose processes change at every look, and their provider with them or not. */
  function watched(provider: (look: number) => string): Promise<string | undefined> {
    let look = 0;
    const inference = {
      state: 'serving',
      decode: async () => ({}),
      get provider() {
        return provider(look);
      },
      get processes() {
        look += 1;
        return { encoder: 1e9 + look, decoder: 1e9 + look };
      },
    };
    const edition = { inference, bundle: { manifest: { golden: { decoder: [{ z: [] }] } } } };
    const installer = new Installer({ editions: { edition } } as never);
    const limits = { decodeP95Ms: 1_000, encodeP95Ms: 1_000, residentBytes: 1e9, selfRecall: 0 };
    return installer.watch(limits, { lastsMs: 200, everyMs: 10 }, new AbortController().signal);
  }

  it('have ended, which takes the model back', async () => {
    assert.match((await watched(() => 'cpu')) ?? '', /^Its nets ended \d+ times\.$/);
  });

  it('on another provider have gone over to it, which does not', async () => {
    assert.equal(await watched(look => `provider ${look}`), undefined);
  });
});
