import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError, DaemonGone } from '../../../ui/lib/api.ts';
import { clockTime } from '../../../ui/lib/clock-time.ts';
import { StaffApi } from '../../../ui/lib/staff-api.ts';

/** The calls of the staff page, answered in turn, and what each bore as its authorization. */
function answering(...answers: (() => Response)[]) {
  const asked: [string, string, string | null][] = [];
  const kept = new Map<string, string>();
  const keys = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  const api = new StaffApi(async (address, init) => {
    asked.push([init.method ?? '', address, new Headers(init.headers).get('authorization')]);
    const answer = answers.shift();
    assert.ok(answer !== undefined, 'more was asked than is answered');
    return answer();
  }, keys);
  return { api, asked, kept };
}

describe('the staff page’s calls', () => {
  it('bear the session’s token between the PIN and the end, and not after', async () => {
    const { api, asked } = answering(
      () => Response.json({ token: 'secret', idleSeconds: 180 }, { status: 201 }),
      () => Response.json({ keys: [] }),
      () => new Response(null, { status: 204 }),
      () => Response.json({ pin: 'set', lockedSeconds: 0, certificate: null }),
    );
    await api.enter('271828');
    await api.keys();
    await api.leave();
    await api.leave();
    await api.state();
    assert.deepEqual(asked, [
      ['POST', '/api/v1/staff/session', null],
      ['GET', '/api/v1/keys', 'Bearer secret'],
      ['DELETE', '/api/v1/staff/session', 'Bearer secret'],
      ['GET', '/api/v1/staff', null],
    ]);
  });

  it('forget the session though the daemon is away', async () => {
    const { api, asked } = answering(
      () => Response.json({ token: 'secret', idleSeconds: 180 }, { status: 201 }),
      () => {
        throw new TypeError('Failed to fetch');
      },
      () => Response.json({ state: 'none' }),
    );
    await api.enter('271828');
    await api.leave();
    await api.pairing();
    assert.equal(asked.at(-1)?.[2], null);
  });

  it('fail as the API’s do', async () => {
    const problem = { type: '', title: '', status: 403, detail: 'No.', code: 'pin-wrong' };
    const { api } = answering(
      () => Response.json(problem, { status: 403 }),
      () => new Response('no JSON'),
    );
    await assert.rejects(api.enter('1'), (error: unknown) => error instanceof ApiError && error.code === 'pin-wrong');
    await assert.rejects(api.keys(), DaemonGone);
  });
});

describe('a phone’s key', () => {
  it('is kept, goes with each request, and is forgotten where it is good for nothing any more', async () => {
    const { api, asked, kept } = answering(
      () => Response.json({ key: {}, token: 'lookdial_key_x' }, { status: 201 }),
      () => Response.json({ items: [] }),
      () => Response.json({ cutout: '5f' }),
      () => Response.json({ sku: 'A/1' }),
      () => new Response(null, { status: 204 }),
      () => Response.json({ items: [] }),
    );
    assert.equal(api.hasKey, false);
    await api.redeem('12345678', 'Phone');
    assert.equal(api.hasKey, true);
    await api.find('a b');
    await api.cutOut(new Blob(['x'], { type: 'image/jpeg' }));
    await api.take('A/1', '5f');
    await api.remove('A/1');
    assert.deepEqual([...kept.values()], ['lookdial_key_x']);
    api.forgetKey();
    await api.find('');
    const key = 'Bearer lookdial_key_x';
    assert.deepEqual(asked, [
      ['POST', '/api/v1/keys', null],
      ['GET', '/api/v1/items?limit=6&q=a%20b', key],
      ['POST', '/api/v1/cutouts', key],
      ['POST', '/api/v1/items/A%2F1/image?cutout=5f', key],
      ['DELETE', '/api/v1/items/A%2F1', key],
      ['GET', '/api/v1/items?limit=6&q=', null],
    ]);
    assert.equal(kept.size, 0);
  });
});

describe('seconds', () => {
  it('are counted as a clock does', () => {
    assert.deepEqual([0, 9, 60, 75, 900].map(clockTime), ['0:00', '0:09', '1:00', '1:15', '15:00']);
  });
});
