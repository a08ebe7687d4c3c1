import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import { VALID_DAYS } from '../../../device/access/certificates.ts';
import { MetadataFolder } from '../../../device/updates/metadata-folder.ts';
import { Box } from '../../../scripts/doctor/box.ts';
import type { Finding } from '../../../scripts/doctor/check.ts';
import { certificate } from '../../../scripts/doctor/checks/certificate.ts';
import { chain } from '../../../scripts/doctor/checks/chain.ts';
import { permissions } from '../../../scripts/doctor/checks/permissions.ts';
import { updates } from '../../../scripts/doctor/checks/updates.ts';
import { testAccess } from '../../support/access.ts';
import { temporaryFolder } from '../../support/store.ts';
import { UpdateRepository } from '../../support/update-repository.ts';

const DAY_MS = 24 * 3_600_000;

describe('the certificate', () => {
  async function pair(t: TestContext, names: readonly string[], now = new Date()) {
    const folder = await temporaryFolder(t);
    const { access } = testAccess(t, { path: join(folder, ACCESS_DATABASE) });
    const made = await access.certificates.renew(names, now);
    const [path, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
    await writeFile(path, made.certificate);
    await writeFile(key, made.privateKey, { mode: 0o600 });
    const files = { LOOKDIAL_TLS: 'files', LOOKDIAL_TLS_CERTIFICATE: path, LOOKDIAL_TLS_KEY: key };
    return { data: folder, files, made };
  }
  const judge = (environment: Record<string, string>): Promise<Finding> => certificate.run(new Box(environment));

  it('is not here where TLS is off, or none was made yet', async t => {
    const data = await temporaryFolder(t);
    assert.equal((await judge({ LOOKDIAL_DATA: data })).verdict, 'not here');
    assert.equal((await judge({ LOOKDIAL_DATA: data, LOOKDIAL_TLS: 'self-signed' })).verdict, 'not here');
  });

  it('of the box itself is told with its days and its names', async t => {
    const { data, made } = await pair(t, ['localhost', 'kiosk.shop.example', '192.0.2.7']);
    const environment = {
      LOOKDIAL_DATA: data,
      LOOKDIAL_TLS: 'self-signed',
      LOOKDIAL_HOSTS: 'localhost,kiosk.shop.example:443',
    };
    const { verdict, found } = await judge(environment);
    assert.equal(verdict, 'ok', found);
    assert.match(
      found,
      /^The certificate is good for \d+ more days, until \d{4}-\d\d-\d\d, and for DNS:localhost, DNS:kiosk\.shop\.example, IP Address:192\.0\.2\.7\.$/,
    );
    const lacking = await judge({ ...environment, LOOKDIAL_HOSTS: 'localhost,other.example,192.0.2.7' });
    assert.equal(lacking.verdict, 'look');
    assert.match(lacking.found, /^The certificate is not for other\.example, which hosts names/);
    assert.ok(!JSON.stringify(lacking).includes(made.privateKey.split('\n')[1] ?? ''));
  });

  it('from files is told where it ends soon, has ended, or is not that of the key', async t => {
    const madeFor = (days: number): Date => new Date(Date.now() - (VALID_DAYS - days) * DAY_MS);
    const [soon, over] = [await pair(t, ['localhost'], madeFor(10)), await pair(t, ['localhost'], madeFor(-5))];
    const late = await judge(soon.files);
    assert.equal(late.verdict, 'look', late.found);
    assert.match(late.next, /^Have it renewed/);
    const ended = await judge(over.files);
    assert.equal(ended.verdict, 'broken');
    assert.match(ended.found, /^The certificate was good until .*: browsers and tills refuse it\.$/);
    const mixed = await judge({ ...soon.files, LOOKDIAL_TLS_KEY: over.files.LOOKDIAL_TLS_KEY });
    assert.match(mixed.found, /^The key .* is not that of the certificate /);
    assert.equal((await judge({ ...soon.files, LOOKDIAL_TLS_CERTIFICATE: '/nowhere' })).verdict, 'broken');
  });
});

describe('the updates', () => {
  async function published(t: TestContext, lifetime?: number) {
    const folder = await temporaryFolder(t);
    const repository = new UpdateRepository(() => Date.now(), undefined, lifetime);
    repository.publishTargets();
    repository.publishSnapshot();
    repository.publishTimestamp();
    for (const [path, bytes] of repository.files) {
      await mkdir(dirname(join(folder, 'repository', path)), { recursive: true });
      await writeFile(join(folder, 'repository', path), bytes);
    }
    const root = join(folder, 'root.json');
    await writeFile(root, repository.firstRoot);
    const environment = {
      LOOKDIAL_DATA: join(folder, 'state'),
      LOOKDIAL_UPDATES: join(folder, 'repository'),
      LOOKDIAL_UPDATES_ROOT: root,
    };
    return { folder, repository, root, environment };
  }
  const judge = (environment: Record<string, string>): Promise<Finding> => updates.run(new Box(environment));

  it('are not here on a box that takes none', async t => {
    assert.equal((await judge({ LOOKDIAL_DATA: await temporaryFolder(t) })).verdict, 'not here');
  });

  it('are told with how long the repository’s metadata are good, wherever it is', async t => {
    const { folder, environment } = await published(t);
    for (const address of [join(folder, 'repository'), pathToFileURL(join(folder, 'repository')).href]) {
      const { verdict, found } = await judge({ ...environment, LOOKDIAL_UPDATES: address });
      assert.equal(verdict, 'ok', found);
      assert.match(found, /^The repository .* answers, and what it offers is good for 6 more days\.$/);
    }
  });

  it('are told where the repository does not answer, or what it offers has expired', async t => {
    const { environment } = await published(t);
    const away = await judge({ ...environment, LOOKDIAL_UPDATES: 'http://127.0.0.1:1/' });
    assert.equal(away.verdict, 'look');
    assert.match(away.found, /^The repository http:\/\/127\.0\.0\.1:1\/ cannot be read: /);
    const stale = await judge((await published(t, -3 * DAY_MS)).environment);
    assert.equal(stale.verdict, 'look');
    assert.match(stale.found, /answers, and what it offers has expired 3 days ago\.$/);
  });

  it('are told where the first root is none, and of what the box keeps where that has expired', async t => {
    const { environment, root } = await published(t);
    await writeFile(root, '{}');
    const none = await judge(environment);
    assert.deepEqual(
      [none.verdict, none.next],
      ['broken', 'Put the repository’s first root.json there, as whoever publishes the models gives it.'],
    );
    const other = await published(t);
    const old = await published(t, -2 * DAY_MS);
    const kept = new MetadataFolder(join(other.environment.LOOKDIAL_DATA, 'updates', 'metadata'));
    const timestamp = old.repository.files.get('metadata/timestamp.json') ?? Buffer.of();
    await kept.commit(
      await kept.stage(
        new Map([
          ['root.json', other.repository.firstRoot],
          ['timestamp.json', timestamp],
        ]),
      ),
    );
    const expired = await judge(other.environment);
    assert.equal(expired.verdict, 'look');
    assert.match(expired.found, /has expired \(timestamp, 2 days ago\): it takes no update, and serves on\.$/);
  });
});

describe('the chain’s connection file', () => {
  it('is told to be usable or not, and nothing of it is said', async t => {
    const folder = await temporaryFolder(t);
    const path = join(folder, 'chain.json');
    const connection = { host: '127.0.0.1', database: 'chain', user: 'kiosk', password: 'hunter2hunter2', tls: 'off' };
    const environment = { LOOKDIAL_DATA: folder, LOOKDIAL_CHAIN_CONNECTION: path, LOOKDIAL_CHAIN_STORE: 'mitte' };
    const judge = async (text: string, mode = 0o600): Promise<Finding[]> => {
      await writeFile(path, text);
      await chmod(path, mode);
      const box = new Box(environment);
      const found = [await chain.run(box), await permissions.run(box)];
      assert.ok(!JSON.stringify(found).includes('hunter2'), JSON.stringify(found));
      return found;
    };
    const verdicts = (found: Finding[]): string[] => found.map(({ verdict }) => verdict);
    assert.deepEqual(verdicts(await judge(JSON.stringify(connection))), ['ok', 'ok']);
    const open = await judge(JSON.stringify(connection), 0o640);
    assert.deepEqual(verdicts(open), ['broken', 'broken']);
    assert.equal(open[1]?.next, `chmod 600 ${path}`);
    assert.deepEqual(verdicts(await judge(JSON.stringify(connection).slice(0, -1))), ['broken', 'ok']);
    assert.equal((await chain.run(new Box({ LOOKDIAL_DATA: folder }))).verdict, 'not here');
  });
});
