import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EditionHolder, type Lease } from '../../device/edition/holder.ts';

interface Sessions {
  closed: number;
  close(): Promise<void>;
}

interface Held {
  readonly id: string;
  readonly inference: Sessions;
}

const sessions = (): Sessions => ({
  closed: 0,
  async close() {
    this.closed += 1;
  },
});

const held = (id: string, inference = sessions()): Held => ({ id, inference });

const unexpected = (error: unknown): never => {
  throw error;
};

describe('the edition holder', () => {
  it('is not ready before there is an edition', async () => {
    const holder = new EditionHolder<Held>(unexpected);
    assert.throws(() => holder.current(), { code: 'not-ready', status: 503 });
    await assert.rejects(
      holder.use(() => 1),
      { code: 'not-ready' },
    );
    assert.equal(holder.edition, undefined);
    await holder.close();
  });

  it('lets a request keep its edition to its end, and closes it then and not before', () => {
    const holder = new EditionHolder<Held>(unexpected);
    const [old, young] = [held('old'), held('young')];
    holder.swap(old);
    const lease = holder.current();
    holder.swap(young);
    assert.equal(lease.edition, old);
    assert.equal(holder.current().edition, young);
    assert.equal(old.inference.closed, 0);
    lease.release();
    lease.release();
    assert.equal(old.inference.closed, 1);
    assert.equal(young.inference.closed, 0);
  });

  it('closes an edition that nobody holds at once', () => {
    const holder = new EditionHolder<Held>(unexpected);
    const old = held('old');
    holder.swap(old);
    holder.swap(held('young'));
    assert.equal(old.inference.closed, 1);
  });

  it('leaves sessions open that another edition shares', async () => {
    const holder = new EditionHolder<Held>(unexpected);
    const shared = sessions();
    holder.swap(held('first', shared));
    holder.swap(held('second', shared));
    assert.equal(shared.closed, 0);
    await holder.close();
    assert.equal(shared.closed, 1);
  });

  it('gives the lease back whatever becomes of the work', async () => {
    const holder = new EditionHolder<Held>(unexpected);
    const old = held('old');
    holder.swap(old);
    await assert.rejects(holder.use(() => Promise.reject(new Error('no'))));
    assert.equal(await holder.use(edition => edition.id), 'old');
    holder.swap(held('young'));
    assert.equal(old.inference.closed, 1);
  });

  it('waits on closing until requests have ended and sessions are closed', async () => {
    const holder = new EditionHolder<Held>(unexpected);
    const only = held('only');
    holder.swap(only);
    const lease = holder.current();
    let closed = false;
    const closing = holder.close().then(() => {
      closed = true;
    });
    await new Promise(setImmediate);
    assert.equal(closed, false);
    assert.throws(() => holder.current(), { code: 'not-ready' });
    lease.release();
    await closing;
    assert.equal(only.inference.closed, 1);
  });

  it('tells when sessions do not close, and closes all the same', async () => {
    const told: unknown[] = [];
    const holder = new EditionHolder<Held>(error => told.push(error));
    const error = new Error('stuck');
    holder.swap(held('only', { closed: 0, close: () => Promise.reject(error) }));
    await holder.close();
    assert.deepEqual(told, [error]);
  });

  it('never closes what is held and always what is not, however leases and swaps come', () => {
    const step = fc.oneof(
      fc.constant('swap' as const),
      fc.constant('swap sharing' as const),
      fc.constant('take' as const),
      fc.nat(20),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const holder = new EditionHolder<Held>(unexpected);
        const editions = [held('0')];
        holder.swap(editions[0] ?? held('0'));
        const leases: Lease<Held>[] = [];
        for (const one of steps) {
          if (one === 'take') leases.push(holder.current());
          else if (typeof one === 'number') leases.splice(one % Math.max(1, leases.length), 1)[0]?.release();
          else {
            const sharing = one === 'swap sharing' ? editions.at(-1)?.inference : undefined;
            const next = held(String(editions.length), sharing);
            editions.push(next);
            holder.swap(next);
          }
          const alive = new Set([holder.edition, ...leases.map(({ edition }) => edition)].map(each => each?.inference));
          for (const { inference } of editions) assert.equal(inference.closed, alive.has(inference) ? 0 : 1);
        }
      }),
    );
  });
});
