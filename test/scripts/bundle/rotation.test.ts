import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Role } from '../../../scripts/bundle/metadata.ts';
import { OFFICE, Publisher, serve, smallBundle, UpdateClient } from '../../support/publisher.ts';

interface Scene {
  readonly publisher: Publisher;
  /** Trusts the first root, and has asked before. */
  readonly client: UpdateClient;
  /** Another that trusts the first root, and has never asked. */
  fresh(): Promise<UpdateClient>;
}

async function scene(t: TestContext): Promise<Scene> {
  const publisher = await Publisher.withRelease(t);
  const served = await serve(t, publisher.repository);
  const root = join(publisher.folder, 'first.root.json');
  await writeFile(root, await readFile(join(publisher.repository, 'metadata/1.root.json')));
  const fresh = () => UpdateClient.start(t, served, root);
  const client = await fresh();
  await client.update();
  return { publisher, client, fresh };
}

/** Another key in the place of one of the office's. */
async function replace(publisher: Publisher, role: Role, name: string, old?: string): Promise<void> {
  const person = role === 'root' ? name : OFFICE;
  await publisher.key(person, name);
  await publisher.rotate({ role, next: publisher.publicPath(person, name), old });
}

const rootsSign = async (publisher: Publisher, ...people: string[]): Promise<void> => {
  for (const person of people) await publisher.sign(person);
};

describe('a key that is replaced', () => {
  for (const role of ['targets', 'snapshot', 'timestamp'] as const) {
    it(`is the ${role} key, and every box goes on`, async t => {
      const { publisher, client, fresh } = await scene(t);
      await replace(publisher, role, `${role}-2`);
      await rootsSign(publisher, 'ben', 'cem');
      if (role === 'targets') await publisher.sign(OFFICE);
      await publisher.publish();
      for (const box of [client, await fresh()]) {
        assert.equal((await box.update()).release, 1);
        assert.equal(await box.version('root'), 2);
      }
      await publisher.release(smallBundle(2));
      await publisher.refresh();
      for (const box of [client, await fresh()]) assert.equal((await box.update()).release, 2);
      const root = JSON.parse(await readFile(join(publisher.repository, 'metadata/2.root.json'), 'utf8')).signed;
      assert.equal(root.roles[role].keyids.length, 1);
      assert.equal(Object.keys(root.keys).length, 6, 'the old key is not listed any more');
    });
  }

  it('signs nothing that a box takes afterwards', async t => {
    const { publisher, client } = await scene(t);
    await replace(publisher, 'timestamp', 'timestamp-2');
    await rootsSign(publisher, 'anna', 'ben');
    const old = await readFile(join(publisher.repository, 'metadata/timestamp.json'), 'utf8');
    await publisher.publish();
    await client.update();
    // As a thief of the old key would have it: what it signed, and later than all there is.
    const { signed, signatures } = JSON.parse(old);
    await writeFile(
      join(publisher.repository, 'metadata/timestamp.json'),
      JSON.stringify({ signed: { ...signed, version: 99 }, signatures }),
    );
    await assert.rejects(client.poll(), /timestamp was signed by 0\/1 keys/);
    await assert.rejects(
      publisher.refresh(),
      /timestamp\.json: it is not signed by the timestamp key that the newest root names/,
    );
  });

  it('is one of the root’s, again and again until none of the first is left: a box that knows the first follows', async t => {
    const { publisher, client, fresh } = await scene(t);
    let holders = ['anna', 'ben', 'cem'];
    for (const [gone, next] of [
      ['cem', 'dora'],
      ['anna', 'emil'],
      ['ben', 'fynn'],
    ] as const) {
      await publisher.key(next, `root-${next}`);
      await publisher.rotate({ role: 'root', next: publisher.publicPath(next, `root-${next}`), old: `root-${gone}` });
      const [one = '', other = ''] = holders.filter(name => name !== gone);
      await rootsSign(publisher, one);
      await assert.rejects(publisher.publish(), /by the root in place, 1 of 2 signatures/);
      await rootsSign(publisher, next);
      await assert.rejects(
        publisher.publish(),
        /2 of 2 signatures[\s\S]*by the root in place, 1 of 2 signatures/,
        'the old threshold as well',
      );
      await rootsSign(publisher, other);
      await publisher.publish();
      holders = [...holders.filter(name => name !== gone), next];
      if (next === 'dora') await client.update();
    }
    assert.deepEqual(holders, ['dora', 'emil', 'fynn']);
    for (const box of [client, await fresh()]) {
      assert.equal((await box.update()).release, 1);
      assert.equal(await box.version('root'), 4);
    }
    await publisher.rotate({ role: 'root' });
    await assert.rejects(publisher.sign('anna'), /has a part in what is staged/);
    await rootsSign(publisher, 'dora', 'fynn');
    await publisher.publish();
    await client.update();
    assert.equal(await client.version('root'), 5);
  });

  it('is lost: the others replace it, where that is said', async t => {
    const { publisher, client, fresh } = await scene(t);
    const keys = [publisher.keysOf('left')];
    // Of the office's keys the timestamp's alone is left.
    await publisher.key('left', 'targets-2');
    await publisher.key('left', 'snapshot-2');
    await publisher.key('left', 'timestamp-2');
    for (const role of ['targets', 'snapshot', 'timestamp'] as const) {
      await publisher.rotate({ role, next: publisher.publicPath('left', `${role}-2`) });
    }
    await rootsSign(publisher, 'anna', 'cem');
    await assert.rejects(publisher.publish({ keys }), /2\.targets\.json: 0 of 1 signatures; wanting one of: targets-2/);
    await publisher.sign('left');
    assert.match(
      publisher.said.at(-1) ?? '',
      /The key that is replaced is to sign, too; where it cannot, publish with --lost/,
    );
    await assert.rejects(
      publisher.publish({ keys }),
      /the targets key that is replaced has not signed\..*by the root in place, 0 of 1 .*say --lost/,
    );
    await publisher.publish({ keys, lost: true });
    for (const box of [client, await fresh()]) assert.equal((await box.update()).release, 1);
    await publisher.refresh({ keys });
    for (const box of [client, await fresh()]) assert.equal((await box.update()).release, 1);
  });

  it('is not put in place without what the new one is to have signed', async t => {
    const { publisher, client } = await scene(t);
    await replace(publisher, 'targets', 'targets-2');
    for (const name of ['targets.json', 'bundle.json']) await rm(join(publisher.staged, name));
    await rootsSign(publisher, 'anna', 'ben');
    await assert.rejects(
      publisher.publish(),
      /root 2 names another targets key than has signed version 1\. Stage the release again/,
    );
    await publisher.make(undefined);
    await publisher.sign(OFFICE);
    await publisher.publish();
    assert.deepEqual([(await client.update()).release, await client.version('root')], [1, 2]);
  });

  it('is named where several could be meant, and is not one that the root has already', async t => {
    const { publisher } = await scene(t);
    await publisher.key('dora', 'root-dora');
    const next = publisher.publicPath('dora', 'root-dora');
    await assert.rejects(
      publisher.rotate({ role: 'root', next }),
      /Say which root key goes: --old NAME, one of root-anna, root-ben, root-cem/,
    );
    await assert.rejects(
      publisher.rotate({ role: 'root', next, old: 'root-zoe' }),
      /--old root-zoe: no root key is called that/,
    );
    await assert.rejects(
      publisher.rotate({ role: 'targets', next: publisher.publicPath('anna', 'root-anna') }),
      /the root has this key already, as root-anna/,
    );
    await assert.rejects(publisher.sign('anna'), /nothing is staged/);
  });
});

describe('refresh', () => {
  it('renews the timestamp, and the snapshot where it is due, with their keys alone', async t => {
    const { publisher, client } = await scene(t);
    for (const [day, snapshot] of [
      [1, 1],
      [6, 1],
      [14, 1],
      [16, 2],
      [20, 2],
    ] as const) {
      publisher.day = day;
      assert.deepEqual(await publisher.refresh(), []);
      await client.update();
      assert.equal(await client.version('snapshot'), snapshot, `on day ${day}`);
    }
    assert.equal(await client.version('timestamp'), 6);
  });

  it('says what it cannot renew: the targets, then the root', async t => {
    const { publisher } = await scene(t);
    publisher.day = 150;
    const [targets, none] = await publisher.refresh();
    assert.match(
      targets ?? '',
      /1\.targets\.json expires on \d{4}-\d\d-\d\d, in 29 days; .*npm run bundle -- make, then sign and publish/,
    );
    assert.equal(none, undefined);
    publisher.day = 181;
    const [expired] = await publisher.refresh();
    assert.match(expired ?? '', /1\.targets\.json expired on/);
    await publisher.release(undefined);
    publisher.day = 310;
    const [root, ...others] = await publisher.refresh();
    assert.match(root ?? '', /1\.root\.json expires on .*rotate root --renew/);
    assert.deepEqual(others, []);
    publisher.day = 366;
    await assert.rejects(publisher.release(undefined), /1\.root\.json expired on/);
    await publisher.rotate({ role: 'root' });
    await rootsSign(publisher, 'anna', 'ben');
    await publisher.publish();
    assert.deepEqual(await publisher.refresh(), []);
  });
});
