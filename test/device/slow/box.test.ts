import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BARE, CONNECTED, giveScreen, HEARD, SANDBOXED } from '../../support/box-kiosk.ts';
import {
  BREAKS,
  cutOff,
  FIND_REST,
  FIND_TRACE,
  INSTALL,
  RENUMBER,
  sale,
  TRACE,
  UNINSTALL,
} from '../../support/box-orders.ts';
import { BoxRoot } from '../../support/box-root.ts';
import { loseModel, losePort } from '../../support/box-start-faults.ts';
import { tellUbuntu } from '../../support/box-ubuntu.ts';
import type { Told } from '../../support/doctor.ts';
import { makeStoreFolder } from '../../support/store.ts';
import { type Block, blocksOf, falsehoods, readPage, typeThrough } from '../../support/typed-page.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

const isWiping = ({ commands }: Block): boolean => /uninstall --purge$/m.test(commands);
/** Given on the box that takes the old one's place. */
const isOfAnother = (block: Block): boolean => isWiping(block) || block.commands.includes('tar --extract');

describe('a box', { timeout: 1_500_000 }, () => {
  let folder = '';
  let box: BoxRoot;
  let another: BoxRoot;
  let blocks: Block[] = [];
  /** A program's, made on the one box. */
  let key = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lookdial-box-'));
    box = BoxRoot.make(join(folder, 'root'), BARE);
    box.take(PROJECT, 'srv/lookdial');
  });

  after(async () => {
    await box?.halt();
    await another?.halt();
    await rm(folder, { recursive: true, force: true });
  });

  async function type(some: readonly Block[], on: BoxRoot): Promise<void> {
    const typed = await typeThrough(some, { cwd: folder, home: folder, environment: {}, within: on.within });
    assert.deepEqual(falsehoods(some, typed), []);
  }

  it('is told of every step by a dry run, which changes nothing', () => {
    const bare = box.listing();
    const said = box.must(`${INSTALL} --dry-run`);
    assert.equal(box.listing(), bare);
    for (const step of ['packages .*chromium', 'system user lookdial', 'build it in', 'link /opt/lookdial/current']) {
      assert.match(said, new RegExp(`would: .*${step}`));
    }
    assert.match(said, /Nothing was changed; \d+ steps would be\.$/m);
  });

  it('that is an Ubuntu, whose chromium is a snap, is told so before anything is changed, and what to do', () =>
    tellUbuntu(box));

  it('is installed by one command, and a second one changes nothing', () => {
    assert.match(box.must(INSTALL), /Lookdial is installed: \d+ steps/);
    const installed = box.listing();
    assert.match(box.must(INSTALL), /nothing was to be done/);
    assert.equal(box.listing(), installed);
    assert.match(installed, /^opt\/lookdial\/current l .* releases\/0/m);
    assert.match(installed, /^var\/lib\/lookdial d 750 lookdial:lookdial /m);
    assert.match(installed, /^etc\/systemd\/system\/multi-user\.target\.wants\/lookdial-kiosk\.service l/m);
  });

  it('takes another browser when it is told so later, and keeps it', () => {
    const other = '/usr/lib/chromium/chromium';
    const named = (): string => box.must('grep ^LOOKDIAL_KIOSK_BROWSER= /etc/lookdial/kiosk.conf').trim();
    assert.match(box.must(`${INSTALL} --browser ${other}`), /kiosk's browser is \S+, in \/etc\/lookdial\/kiosk\.conf/);
    assert.equal(named(), `LOOKDIAL_KIOSK_BROWSER=${other}`);
    assert.match(box.must(INSTALL), /nothing was to be done/);
    box.must(`${INSTALL} --browser /usr/bin/chromium`);
    assert.equal(named(), 'LOOKDIAL_KIOSK_BROWSER=/usr/bin/chromium');
  });

  it('has units that systemd finds no fault with', () => {
    const said = box.must(
      'systemd-analyze verify /etc/systemd/system/lookdial.service /etc/systemd/system/lookdial-kiosk.service',
    );
    assert.equal(said.trim(), '');
  });

  it('starts into the kiosk: the daemon is ready, hardened, and the browser is on its page', async () => {
    another = box.copy(join(folder, 'another'));
    another.must(RENUMBER);
    for (const one of [box, another]) await giveScreen(one);
    // In place of the demonstration, which takes minutes to draw.
    await makeStoreFolder(join(box.folder, 'srv/shop'), 12);
    box.must('chmod -R a+rX /srv/shop');
    const settings = { data: '/var/lib/lookdial/state', store: '/srv/shop', port: 8080 };
    await writeFile(join(box.folder, 'etc/lookdial/lookdial.json'), JSON.stringify(settings, null, 2));
    await box.boot();
    // The store is indexed at the first start.
    await box.until('systemctl is-active lookdial', 300_000);
    assert.match(box.inside('curl -fsS http://127.0.0.1:8080/readyz').text, /"status":"ready"/);
    assert.match(box.inside('curl -fsS http://127.0.0.1:8080/').text, /<title>Lookdial/);
    assert.match(
      box.inside('systemctl show -P StatusText lookdial').text,
      /^clothing@\S+ on cpu, http:\/\/127\.0\.0\.1:8080/,
    );
    const status = box.inside('cat /proc/$(systemctl show -P MainPID lookdial)/status').text;
    assert.match(status, /^CapBnd:\t0+$/m);
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.match(status, /^Seccomp:\t2$/m);
    await box.until(CONNECTED, 90_000);
    await box.until(SANDBOXED, 60_000);
    assert.doesNotMatch(box.inside('ps -u lookdial-kiosk -o args').text, /--no-sandbox/);
    assert.match(box.inside('lookdial keys list').text, /There are no keys/);
  });

  it('is looked after as docs/operating.md has it', async () => {
    blocks = blocksOf(await readPage(resolve(PROJECT, 'docs/operating.md')));
    assert.equal(blocks.length, 13, 'all of the page is typed');
    key = box.inside(`lookdial keys create --name '${TRACE}' --scope inventory 2>/dev/null`).text.trim();
    const here = blocks.filter(block => !isOfAnother(block));
    // Sold between the index run, which brings the stock of the store's folder, and the backup that moves.
    const moving = here.findIndex(({ commands }) => commands.includes('moving.tar'));
    const sold: Block = { commands: `${sale(key, 17)}\n`, shown: undefined, words: undefined };
    // In one go: the page goes into a folder at its beginning.
    await type(here.toSpliced(moving, 0, sold), box);
    await box.until(CONNECTED, 90_000);
    for (const name of ['root/settings.tar', 'var/lib/lookdial/backups/moving.tar']) {
      await copyFile(join(box.folder, name), join(another.folder, 'root', basename(name)));
    }
  });

  it('has a doctor with what the daemon’s unit has, and what it says to type is there', () => {
    const told = box.inside('lookdial doctor --json settings chromium kiosk ports');
    const { checks, settings } = JSON.parse(told.text) as Told;
    assert.deepEqual(
      checks.map(({ name, verdict }) => [name, verdict]),
      [
        ['settings', 'ok'],
        ['ports', 'ok'],
        ['kiosk', 'ok'],
        ['chromium', 'ok'],
      ],
      told.text,
    );
    const [window] = settings.filter(({ name }) => name === 'updatesWindow');
    assert.deepEqual([window?.value, window?.from], ['03:00-04:00', 'environment']);
    assert.match(box.inside('lookdial doctor --help').text, /^lookdial doctor \[CHECK \.\.\.\]/);
  });

  it('starts its browser anew when it is killed', async () => {
    box.inside(`pkill -KILL -u lookdial-kiosk -o -f 'chromium.*--kiosk'`);
    await box.until('[ "$(systemctl show -P NRestarts lookdial-kiosk)" -ge 1 ] && systemctl is-active lookdial-kiosk');
    await box.until(CONNECTED, 90_000);
  });

  it('starts its browser anew when the tab of its page has crashed, and while the daemon is away leaves it alone', async () => {
    const restarts = Number(box.inside('systemctl show -P NRestarts lookdial-kiosk').text);
    const browser = box.inside(`pgrep -u lookdial-kiosk -o -f 'chromium.*--kiosk'`).text.trim();
    box.inside('systemctl stop lookdial && sleep 40 && systemctl start lookdial');
    await box.until(CONNECTED, 90_000);
    await box.until(HEARD, 90_000);
    assert.equal(box.inside(`pgrep -u lookdial-kiosk -o -f 'chromium.*--kiosk'`).text.trim(), browser);
    assert.equal(box.inside(`pkill -KILL -u lookdial-kiosk -f -- '--type=renderer'`).status, 0);
    await box.until(`! pgrep -u lookdial-kiosk -f -- '--type=renderer'`, 5_000);
    assert.equal(box.inside(`pgrep -u lookdial-kiosk -o -f 'chromium.*--kiosk'`).text.trim(), browser, 'a dead tab');
    await box.until(`[ "$(systemctl show -P NRestarts lookdial-kiosk)" -gt ${restarts} ]`, 150_000);
    await box.until(CONNECTED, 90_000);
    assert.match(box.inside('journalctl -u lookdial-kiosk').text, /says nothing any more: the browser is started anew/);
  });

  it('starts its daemon anew when it is killed, and when it hangs', async () => {
    const before = box.inside('systemctl show -P MainPID lookdial').text.trim();
    const another = (pid: string) =>
      `[ "$(systemctl show -P MainPID lookdial)" != ${pid} ] && systemctl is-active lookdial && curl -fsS http://127.0.0.1:8080/readyz`;
    box.inside(`kill -KILL ${before}`);
    await box.until(another(before), 90_000);
    const hung = box.inside('systemctl show -P MainPID lookdial').text.trim();
    box.inside(`kill -STOP ${hung}`);
    await box.until(another(hung), 120_000);
    assert.match(box.inside('journalctl -u lookdial').text, /Failed with result 'watchdog'/);
  });

  it('says on its screen that the daemon does not start, and why, and is a kiosk again once it does', () =>
    loseModel(box));

  it('takes no other program at its port for the daemon', () => losePort(box));

  it('goes on with the program before where a new one does not serve, and with a new one that does', async () => {
    const source = join(box.folder, 'srv/lookdial');
    const current = await readlink(join(box.folder, 'opt/lookdial/current'));
    const nameOf = () =>
      box
        .inside('cd /srv/lookdial/scripts/device && . ./lib.sh && . ./release.sh && release_name /srv/lookdial')
        .text.trim();
    /** As if built: the network of this system is its own. */
    const build = async (line: string): Promise<string> => {
      await appendFile(join(source, 'device/main.ts'), line);
      const name = nameOf();
      const release = `/opt/lookdial/releases/${name}`;
      box.inside(
        `cp -a /opt/lookdial/${current} ${release} && cp /srv/lookdial/device/main.ts ${release}/device/main.ts`,
      );
      return name;
    };
    assert.match(box.inside('lookdial keys create --name till --scope inventory').text, /till/);
    const next = await build(BREAKS);
    const dry = box.inside(`${INSTALL} --dry-run`);
    assert.match(
      dry.text,
      /would: the daemon stops; a copy of the databases takes up to [\d.]+ MB in .*before-upgrade$/m,
    );
    assert.equal(box.inside(cutOff(next)).status, 0);
    const failed = box.inside(INSTALL);
    assert.notEqual(failed.status, 0);
    assert.match(failed.text, /an upgrade that was cut off is ended/);
    assert.match(failed.text, /This one does not serve|version 99, and this program knows up to/);
    const [, aside = ''] = /what the new one made of them is in (\S+), until you remove it/.exec(failed.text) ?? [];
    assert.ok(existsSync(join(box.folder, aside, 'access.sqlite')), failed.text);
    assert.match(failed.text, /the one before is in its place again/);
    assert.equal(await readlink(join(box.folder, 'opt/lookdial/current')), current);
    assert.equal(box.inside('curl -fsS http://127.0.0.1:8080/readyz').status, 0);
    const asBefore = (): void => {
      assert.match(box.inside('lookdial keys list').text, /till/);
      assert.equal(box.inside('ls -d /opt/lookdial/untried /var/lib/lookdial/state/before-upgrade').status, 2);
    };
    asBefore();
    await writeFile(join(source, 'device/main.ts'), execFileSync('cat', [join(PROJECT, 'device/main.ts')]));
    const name = await build('\n// Another program.\n');
    const done = box.inside(INSTALL);
    assert.equal(done.status, 0, done.text);
    assert.equal(await readlink(join(box.folder, 'opt/lookdial/current')), `releases/${name}`);
    assert.equal(box.inside('curl -fsS http://127.0.0.1:8080/readyz').status, 0);
    asBefore();
    assert.deepEqual((await box.releases()).sort(), [current.slice('releases/'.length), name].sort());
  });

  it('is given back: the store stays until it is purged', async () => {
    const gone = box.inside(UNINSTALL);
    assert.equal(gone.status, 0, gone.text);
    const at = (path: string): boolean => existsSync(join(box.folder, path));
    assert.deepEqual(
      ['opt/lookdial', 'usr/local/bin/lookdial', 'etc/systemd/system/lookdial.service', 'var/cache/lookdial'].filter(
        at,
      ),
      [],
    );
    assert.ok(at('var/lib/lookdial/state/catalogue.sqlite') && at('etc/lookdial/lookdial.json'));
    assert.notEqual(box.inside('curl -fsS http://127.0.0.1:8080/readyz').status, 0);
    const purged = box.inside(`${UNINSTALL} --purge`);
    assert.equal(purged.status, 0, purged.text);
    assert.deepEqual(['var/lib/lookdial', 'etc/lookdial'].filter(at), []);
    assert.notEqual(box.inside('getent passwd lookdial').status, 0);
    await box.halt();
  });

  it('is replaced by another as docs/operating.md has it: tills come in by their keys, and what was sold is sold', async () => {
    await another.boot();
    await another.until('systemctl is-active xvfb');
    await type(
      blocks.filter(block => isOfAnother(block) && !isWiping(block)),
      another,
    );
    assert.match(another.inside('curl -fsS http://127.0.0.1:8080/readyz').text, /"status":"ready"/);
    assert.equal(another.inside('stat -c "%U:%G %a" /etc/lookdial/lookdial.json').text.trim(), 'root:lookdial 640');
    assert.match(another.inside('curl -fsS http://127.0.0.1:8080/api/v1/items').text, /"quantity":17/);
    assert.equal(another.inside(sale(key, 16)).status, 0, 'its key is still one');
    assert.notEqual(another.inside(sale(`${key}x`, 15)).status, 0);
    assert.match(another.inside('curl -fsS http://127.0.0.1:8080/api/v1/items').text, /"quantity":16/);
    await another.until(CONNECTED, 90_000);
  });

  it('is wiped before it leaves the house: nothing of the store is left in any file', async () => {
    assert.match(another.inside(FIND_TRACE).text, /var\/lib\/lookdial\/state\/access\.sqlite/, 'it would be found');
    await type(blocks.filter(isWiping), another);
    await another.halt();
    assert.equal(another.must(`${FIND_TRACE}\n${FIND_REST}`), '');
  });
});
