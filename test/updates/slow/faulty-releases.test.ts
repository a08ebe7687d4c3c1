/** Releases that are not for this box: each way to fail its trial, and each to fail its probation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LookdialError } from '../../../device/errors.ts';
import { assertWhole, isCode, slowly, until, verdictOf } from '../../support/updating-looks.ts';
import { type FaultyInference, LIMITS, UpdatingStore } from '../../support/updating-store.ts';

/** All garments at one place, each less sure than the one before: the surest is the best match of all. */
function confused(inference: FaultyInference): void {
  let calls = 0;
  inference.encoding = async () => ({ mu: new Float64Array(2), sigma: new Float64Array(2).fill(0.1 + 0.01 * calls++) });
}

const FAULTS: readonly {
  readonly name: string;
  readonly fault: (inference: FaultyInference) => void;
  readonly limits?: object;
  readonly why: RegExp;
}[] = [
  {
    name: 'whose nets are not golden here',
    fault: () => {
      throw new LookdialError('bundle-invalid', 'golden check: mu is off by 3, expected at most 0.1.');
    },
    why: /golden check/,
  },
  {
    name: 'whose nets do not run here',
    fault: () => {
      throw new LookdialError('inference-failed', 'The nets cannot be run on the CPU.');
    },
    why: /cannot be run/,
  },
  {
    name: 'that decodes too slowly here',
    fault: slowly('decoding'),
    limits: { decodeP95Ms: 6 },
    why: /A decoding takes .* ms at most/,
  },
  {
    name: 'that encodes too slowly here',
    fault: slowly('encoding'),
    limits: { encodeP95Ms: 6 },
    why: /An encoding takes .* ms at most/,
  },
  {
    name: 'that takes too much memory here',
    fault: inference => {
      inference.processes = { encoder: process.pid, decoder: process.pid };
    },
    limits: { residentBytes: 1_000_000 },
    why: /MB of memory on this box/,
  },
  { name: 'that cannot tell the garments apart', fault: confused, why: /their own best match/ },
];

for (const { name, fault, limits = {}, why } of FAULTS) {
  test(`a release ${name} is not served, and not tried again until there is a newer one`, async t => {
    const store = await UpdatingStore.make(t);
    store.publish(1, '2.0.0', { limits: { ...LIMITS, ...limits } });
    store.faults.set('2.0.0', fault);
    const box = await store.run();
    await assert.rejects(box.updates.apply(), isCode('update-failed', why));
    assert.deepEqual([box.version(), box.updates.state.state], ['1.2.3', 'idle']);
    assert.match(verdictOf(box, 1), why);
    assert.match(box.updates.failure ?? '', why);
    assert.ok(
      box.started.slice(1).every(nets => nets.closed === 1),
      'its nets are closed',
    );
    assert.equal(box.started[0]?.closed, 0, 'the nets that serve are not');
    assertWhole(box);
    const before = box.started.length;
    const outcome = await box.updates.check();
    assert.equal(outcome.kind === 'refused' && outcome.reason, 'release-bad');
    await assert.rejects(box.updates.apply(), isCode('no-update', /bad/));
    assert.equal(box.started.length, before, 'it is not tried again');
    store.publish(2, '3.0.0');
    await box.updates.apply();
    assert.equal(box.version(), '3.0.0');
    assertWhole(box);
  });
}

const PROBATION_FAULTS: readonly { name: string; happens: (serving: FaultyInference) => void; why: RegExp }[] = [
  {
    name: 'keep ending',
    happens: serving => {
      const { decoding } = serving;
      serving.decoding = (z, category) => {
        serving.restarts = { encoder: 0, decoder: serving.restarts.decoder + 1 };
        return decoding(z, category);
      };
    },
    why: /ended 3 times/,
  },
  {
    name: 'hang',
    happens: serving => {
      serving.decoding = () => Promise.reject(new LookdialError('inference-failed', 'The decoder did not answer.'));
    },
    why: /did not answer/,
  },
  {
    name: 'take no picture any more',
    happens: serving => {
      serving.encoding = () => Promise.reject(new LookdialError('inference-failed', 'The encoder did not answer.'));
    },
    why: /encoder did not answer/,
  },
  {
    name: 'read pictures slowly',
    happens: slowly('encoding', 300),
    why: /An encoding took/,
  },
  {
    name: 'are given up',
    happens: serving => {
      serving.state = 'down';
    },
    why: /given up/,
  },
  {
    name: 'grow slow',
    happens: slowly('decoding', 150),
    why: /A decoding took/,
  },
  {
    name: 'grow large',
    happens: serving => {
      serving.processes = { encoder: process.pid, decoder: process.pid };
    },
    why: /grew to/,
  },
];

for (const { name, happens, why } of PROBATION_FAULTS) {
  test(`a release whose nets ${name} in its probation is taken back`, async t => {
    const store = await UpdatingStore.make(t);
    store.publish(1, '2.0.0', {
      limits: { decodeP95Ms: 30, encodeP95Ms: 60, residentBytes: 20_000_000, selfRecall: 0 },
    });
    const box = await store.run();
    await box.updates.apply();
    assert.equal(box.version(), '2.0.0');
    happens(box.started.at(-1) ?? assert.fail());
    await until(() => box.version() === '1.2.3', 'the model before serves');
    await until(() => box.updates.state.state === 'idle', 'it is written down');
    assert.match(verdictOf(box, 1), new RegExp(`^bad: .*${why.source}`));
    assert.equal(box.updates.current, undefined);
    assertWhole(box);
    await box.close();
    assert.equal((await store.run()).version(), '1.2.3');
  });
}
