import assert from 'node:assert/strict';
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { LookdialError } from '../../../device/errors.ts';
import { init } from '../../../scripts/bundle/init.ts';
import { readPublicKey } from '../../../scripts/bundle/key-files.ts';
import { OFFICE, Publisher, serve, smallBundle, UpdateClient } from '../../support/publisher.ts';

describe('signing', () => {
  it('takes two of the three root keys, one after the other and each on a machine of its own', async t => {
    const publisher = await Publisher.start(t);
    await publisher.make(smallBundle(1));
    assert.equal(await publisher.sign(OFFICE), 2, 'two roots are wanting');
    await assert.rejects(
      publisher.publish(),
      /1\.root\.json: 0 of 2 signatures; wanting 2 of: root-anna, root-ben, root-cem/,
    );
    // The folder travels, and nothing else does.
    const stick = join(publisher.folder, 'stick');
    await rename(publisher.staged, stick);
    const away = { staged: stick, repository: '' };
    assert.equal(await publisher.sign('anna', away), 1);
    assert.equal(await publisher.sign('anna', away), 1, 'the same person twice counts once');
    await cp(stick, publisher.staged, { recursive: true });
    await assert.rejects(
      publisher.publish(),
      /1\.root\.json: 1 of 2 signatures \(root-anna\); wanting one of: root-ben, root-cem/,
    );
    assert.equal(await publisher.sign('cem', away), 0);
    await cp(stick, publisher.staged, { recursive: true });
    await publisher.publish();
    const served = await serve(t, publisher.repository);
    const client = await UpdateClient.start(t, served, join(publisher.repository, 'metadata/1.root.json'));
    assert.equal((await client.update()).release, 1);
    assert.match(publisher.said.join('\n'), /root: 2 of 3 must sign/);
  });

  it('of a release happens away from the repository as well', async t => {
    const publisher = await Publisher.withRelease(t);
    await publisher.make(smallBundle(2));
    const stick = join(publisher.folder, 'stick');
    await rename(publisher.staged, stick);
    assert.equal(await publisher.sign(OFFICE, { staged: stick, repository: '' }), 0);
    await publisher.publish({ staged: stick });
    await publisher.release(smallBundle(3));
  });

  it('is refused with a wrong passphrase, or with keys that have no part in it, and then nothing is signed', async t => {
    const publisher = await Publisher.start(t);
    await publisher.make(smallBundle(1));
    const wrong = { of: async () => 'not the passphrase', forNew: async () => '', close: () => undefined };
    await assert.rejects(
      publisher.sign('anna', { passphrases: wrong }),
      /root-anna\.key\.pem: the passphrase is not the one of this key/,
    );
    await publisher.key('dora', 'root-dora');
    await assert.rejects(
      publisher.sign('dora'),
      /None of the keys in .*dora has a part in what is staged\. 1\.root\.json: 0 of 2/,
    );
    await assert.rejects(publisher.publish(), /0 of 2 signatures/);
  });

  it('counts no signature of a draft that was changed afterwards', async t => {
    const publisher = await Publisher.withRelease(t);
    await publisher.make(smallBundle(2));
    await publisher.sign(OFFICE);
    const path = join(publisher.staged, 'targets.json');
    const draft = await readFile(path, 'utf8');
    await writeFile(path, draft.replace(/"expires": "20/, '"expires": "29'));
    await assert.rejects(publisher.publish(), /2\.targets\.json: 0 of 1 signatures/);
    await writeFile(path, draft);
    const document = join(publisher.staged, 'bundle.json');
    await writeFile(document, (await readFile(document, 'utf8')).replace('"percent": 100', '"percent": 99 '));
    await assert.rejects(publisher.publish(), /bundle\.json: its \d+ bytes are not those that the targets list/);
    await publisher.make(smallBundle(2));
    await publisher.sign(OFFICE);
    await publisher.publish();
  });

  it('shows what is to be signed, the beginnings of the keys with it, and nothing that a terminal would obey', async t => {
    const publisher = await Publisher.start(t);
    await publisher.make(smallBundle(1), { salt: 'quiet\u001b[2Jloud' });
    const path = join(publisher.staged, 'root.json');
    const draft = await readFile(path, 'utf8');
    await writeFile(path, draft.replace('"root-cem"', '"\\u001b[2Jroot-cem"'));
    publisher.said.length = 0;
    await publisher.sign('anna');
    const said = publisher.said.join('\n');
    const { value } = await readPublicKey(publisher.publicPath('anna', 'root-anna'));
    assert.ok(said.includes(`root-anna (${value.slice(0, 16)})`), said);
    assert.match(said, /root-ben \([0-9a-f]{16}\), [0-9a-f]{8} \([0-9a-f]{16}\) are trusted/, 'the third by its id');
    assert.match(said, /salt "quiet\\u001b\[2Jloud"/);
    assert.ok(!said.includes('\u001b'));
  });

  it('publishes with both keys of the machine alone, and says which is missing', async t => {
    const publisher = await Publisher.withRelease(t);
    await publisher.make(smallBundle(2));
    await publisher.sign(OFFICE);
    await publisher.key('other', 'snapshot');
    const keys = [publisher.keysOf('other')];
    await assert.rejects(publisher.publish({ keys }), /The snapshot key snapshot is not in .*other/);
    await publisher.publish();
  });

  it('says what to do where nothing is staged, or what is staged is of yesterday', async t => {
    const publisher = await Publisher.withRelease(t);
    await assert.rejects(publisher.sign(OFFICE), /nothing is staged\. A release: npm run bundle -- make/);
    await publisher.make(smallBundle(2));
    await publisher.sign(OFFICE);
    const late = join(publisher.folder, 'late');
    await cp(publisher.staged, late, { recursive: true });
    await publisher.publish();
    await publisher.release(smallBundle(3));
    await assert.rejects(
      publisher.publish({ staged: late }),
      /version 2 of targets is staged, and version 3 is published\. Make the release anew/,
    );
  });

  it('begins with keys of which no two are one, and once', async t => {
    const publisher = await Publisher.start(t);
    const pub = publisher.publicPath;
    const keys = {
      root: [pub('anna', 'root-anna'), pub('ben', 'root-ben'), pub('anna', 'root-anna')],
      targets: [pub(OFFICE, 'targets')],
      snapshot: [pub(OFFICE, 'snapshot')],
      timestamp: [pub(OFFICE, 'timestamp')],
    };
    const trying = (changed: Partial<typeof keys>, threshold = 2) =>
      init(publisher.setting([]), { ...keys, ...changed }, threshold);
    await assert.rejects(trying({}), /are the same key/);
    const root = [pub('anna', 'root-anna'), pub('ben', 'root-ben')];
    await assert.rejects(trying({ root, timestamp: keys.snapshot }), /are the same key/);
    await assert.rejects(trying({ root, targets: [] }), /Say whose key signs as targets/);
    await assert.rejects(trying({ root }, 3), /--threshold 3: there are 2 root keys/);
    await assert.rejects(
      trying({ root: [...root, join(publisher.keysOf('cem'), 'root-cem.key.pem')] }),
      /root-cem\.key\.pem: it is not read as a public key: it is a private key, which is never handed over/,
    );
    const started = await Publisher.withRelease(t);
    await assert.rejects(
      init(started.setting([]), { ...keys, root }, 2),
      (error: unknown) => error instanceof LookdialError && /has a root already/.test(error.message),
    );
  });
});
