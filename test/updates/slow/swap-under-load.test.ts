/**
 * Editions change under shoppers who dial: no request fails, and no answer is of two models. A daemon of its own takes ten
 * updates from a folder and goes back five times, while 32 clients dial as fast as they are answered.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Access } from '../../../device/access/access.ts';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import type { UpdatesAnswer } from '../../../device/api/update-schemas.ts';
import { readPicture } from '../../../device/inference/pictures.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import { picturePath } from '../../../device/inventory/picture-files.ts';
import { processTree, residentMegabytes } from '../../../scripts/bench/load/resident.ts';
import { LOCALLY } from '../../support/access.ts';
import { bundleOf } from '../../support/bundle.ts';
import { ownModel } from '../../support/bundles.ts';
import { HELD_MEMORY_OPTION, type Held, HeldMemory } from '../../support/held-memory.ts';
import { indexedStore } from '../../support/indexed-store.ts';
import { MainProcess } from '../../support/main-process.ts';
import { ReferenceInference } from '../../support/reference-inference.ts';
import { temporaryBundle } from '../../support/store-model.ts';
import { membersOf, releaseOf, UpdateRepository } from '../../support/update-repository.ts';

const CLIENTS = 32;
const UPDATES = 10;
/** After these updates it goes back. */
const BACK_AFTER: ReadonlySet<number> = new Set([2, 4, 5, 8, 10]);
const GARMENTS = 24;
const QUIET_MS = 6_000;
/** Bytes of a picture's channel that the nets' own rounding may make of one number. */
const BYTE = 2;
/** The first changes fill what libraries keep for the next. After so many, what is held must be flat within so much. */
const FILLED_AFTER = 5;
const MORE_HELD_MEGABYTES = 3;
/** Resident beside what is held: freed memory that allocators keep, which the next change takes again. */
const MORE_RESIDENT_MEGABYTES = 25;

const MODELS = Array.from({ length: UPDATES + 1 }, (_, variant) => ownModel(variant));

interface Garment {
  readonly sku: string;
  readonly mu: ArrayLike<number>;
  readonly sigma: ArrayLike<number>;
}

interface Known {
  readonly inference: ReferenceInference;
  readonly garments: readonly Garment[];
}

/** What each model makes of the store, by its version. */
async function knowledge(t: TestContext, data: string): Promise<Map<string, Known>> {
  const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE));
  const pictured = catalogue.pictured('', 1_000);
  catalogue.close();
  const known = new Map<string, Known>();
  for (const model of MODELS) {
    const bundle = await temporaryBundle(t, model);
    const inference = new ReferenceInference(bundle, model);
    const garments: Garment[] = [];
    for (const { sku, picture } of pictured) {
      const bytes = await readFile(picturePath(data, picture));
      const input = await readPicture(bytes, bundle.manifest.encoder.input, { maxPixels: 1e6 });
      garments.push({ sku, ...(await inference.encode(input)) });
    }
    known.set(bundle.manifest.version, { inference, garments });
  }
  return known;
}

/** log q(z|x) but for its constant. */
const logLikelihood = ({ mu, sigma }: Garment, z: readonly number[]): number =>
  z.reduce((sum, value, d) => sum - 0.5 * ((value - mu[d]!) / sigma[d]!) ** 2 - Math.log(sigma[d]!), 0);

interface DaemonMemory extends Held {
  readonly resident: number;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly ms: number;
}

function ask(agent: Agent, address: string, path: string, body?: object, headers = {}): Promise<Answer> {
  const began = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = body && JSON.stringify(body);
  const method = path.startsWith('POST ') ? 'POST' : 'GET';
  const asked = request(
    new URL(path.replace('POST ', ''), address),
    { agent, method, headers: { ...headers, ...(sent && { 'content-type': 'application/json' }) } },
    response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), ms: performance.now() - began }),
      );
    },
  );
  asked.on('error', reject);
  asked.end(sent);
  return promise;
}

/** What is wrong with an answer's frame, held to the model it says it is of; undefined where nothing is. */
async function faultOf(
  body: Buffer,
  z: readonly number[],
  known: ReadonlyMap<string, Known>,
): Promise<string | undefined> {
  const [width, height] = [body.readUInt16LE(4), body.readUInt16LE(6)];
  const pixels = body.subarray(16, 16 + width * height * 4);
  const { edition, matches } = JSON.parse(body.toString('utf8', 16 + width * height * 4)) as {
    edition: string;
    matches: { sku: string }[];
  };
  const version = /@(.*)\+/.exec(edition)?.[1] ?? '';
  const model = known.get(version);
  if (model === undefined) return `it is of ${edition}, which there is not`;
  const { rgba } = await model.inference.decode(z);
  const off = pixels.findIndex((byte, place) => Math.abs(byte - (rgba[place] ?? -99)) > BYTE);
  if (off >= 0) return `its picture is not that of ${edition}: byte ${off} is ${pixels[off]}, expected ${rgba[off]}`;
  const best = model.garments.reduce((a, b) => (logLikelihood(b, z) > logLikelihood(a, z) ? b : a));
  const found = model.garments.find(({ sku }) => sku === matches[0]?.sku);
  if (found === undefined || logLikelihood(best, z) - logLikelihood(found, z) > 0.01) {
    return `its best match is ${matches[0]?.sku}, and that of ${edition} is ${best.sku}`;
  }
  return undefined;
}

const centile = (times: readonly number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.ceil(part * times.length) - 1] ?? Number.NaN;

test('ten updates and five ways back under 32 shoppers who dial: nothing fails, nothing is mixed', async t => {
  const at = await indexedStore(t, { count: GARMENTS });
  const known = await knowledge(t, at.data);
  const access = Access.open(join(at.data, ACCESS_DATABASE));
  const { token } = access.createKey('test', 'admin', { ...LOCALLY, what: 'keys create' });
  access.close();
  const repository = new UpdateRepository(() => Date.now());
  const folder = join(at.data, '..', 'repository');
  const root = join(at.data, '..', 'root.json');
  await repository.write(folder);
  await writeFile(root, repository.firstRoot);
  const daemon = new MainProcess(t, {
    LOOKDIAL_DATA: at.data,
    LOOKDIAL_BUNDLE: at.bundle,
    LOOKDIAL_UPDATES: folder,
    LOOKDIAL_UPDATES_ROOT: root,
    LOOKDIAL_UPDATES_EVERY_MINUTES: '10080',
    LOOKDIAL_UPDATES_WINDOW: '02:00-02:01',
    NODE_OPTIONS: HELD_MEMORY_OPTION,
  });
  const address = await daemon.address;
  const memory = await HeldMemory.of(daemon.child);
  t.after(() => memory.close());
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS + 2 });
  const authorization = { authorization: `Bearer ${token}` };
  const updates = async (call = ''): Promise<UpdatesAnswer> => {
    const { body } = await ask(
      agent,
      address,
      call === '' ? '/api/v1/updates' : `POST /api/v1/updates:${call}`,
      undefined,
      authorization,
    );
    return JSON.parse(body.toString()) as UpdatesAnswer;
  };

  let stop = false;
  let times: number[] = [];
  const failures: string[] = [];
  const versions = new Map<string, number>();
  let answered = 0;
  /** One in so many is held to its model: all would be the clients' own work and not the daemon's. */
  const HELD = 8;
  const shop = async (client: number): Promise<void> => {
    for (let turn = 0; !stop; turn++) {
      const z = Array.from({ length: 6 }, (_, d) => 2 * Math.sin(1.7 * client + 0.31 * turn + d));
      try {
        const { status, body, ms } = await ask(agent, address, 'POST /api/v1/dial', { z, k: 3 });
        times.push(ms);
        answered++;
        if (status !== 200) failures.push(`${status}: ${body.toString().slice(0, 300)}`);
        else if (turn % HELD === 0) {
          const fault = await faultOf(body, z, known);
          if (fault !== undefined) failures.push(fault);
          const [, version = ''] = /@(\d+\.\d+\.\d+)\+/.exec(body.toString('latin1', body.length - 4_000)) ?? [];
          versions.set(version, (versions.get(version) ?? 0) + 1);
        }
      } catch (error) {
        failures.push(String(error));
      }
      await wait(40);
    }
  };
  const shoppers = Array.from({ length: CLIENTS }, (_, client) => shop(client));
  await wait(QUIET_MS / 2);
  times = [];
  await wait(QUIET_MS);
  const quiet = times;
  const before = await residentMegabytes(processTree(daemon.child.pid ?? 0));
  times = [];
  const settled = async (what: string, holds: (state: UpdatesAnswer) => boolean): Promise<void> => {
    for (let tries = 0; ; tries++) {
      const state = await updates();
      if (holds(state)) return;
      assert.equal(state.failure, null, what);
      assert.ok(tries < 600, `${what}: ${JSON.stringify(state)}`);
      await wait(100);
    }
  };
  const limits = { decodeP95Ms: 2_000, encodeP95Ms: 2_000, residentBytes: 2 ** 31, selfRecall: 0.5 };
  /** Of the daemon itself: its nets are other processes each time. */
  const measure = async (): Promise<DaemonMemory> => ({
    ...(await memory.measure()),
    resident: await residentMegabytes([daemon.child.pid ?? 0]),
  });
  const first = await measure();
  let filled = first;
  for (let release = 1; release <= UPDATES; release++) {
    const parts = bundleOf(MODELS[release] ?? assert.fail());
    repository.release(releaseOf(parts, release, { limits }), membersOf(parts));
    await repository.write(folder);
    await updates('apply');
    await settled(
      `release ${release} serves`,
      ({ current, state }) => current?.release === release && state === 'committed',
    );
    if (release === FILLED_AFTER) filled = await measure();
    if (!BACK_AFTER.has(release)) continue;
    await updates('rollback');
    await settled(`release ${release} is taken back`, ({ history }) => history[0]?.verdict === 'bad');
  }
  const swapping = times;
  const last = await measure();
  stop = true;
  await Promise.all(shoppers);
  await wait(1_000);
  const after = await residentMegabytes(processTree(daemon.child.pid ?? 0));
  agent.destroy();
  const [calm, busy] = [quiet, swapping].map(list => ({ p50: centile(list, 0.5), p99: centile(list, 0.99) }));
  t.diagnostic(
    `${answered} answers, of ${[...versions].map(([version, count]) => `${version}: ${count}`).join(', ')} looked into`,
  );
  t.diagnostic(
    `quiet p50 ${calm?.p50.toFixed(1)} ms, p99 ${calm?.p99.toFixed(1)} ms; while it is updated p50 ${busy?.p50.toFixed(1)} ms, p99 ${busy?.p99.toFixed(1)} ms`,
  );
  for (const kind of ['heap', 'buffers', 'resident'] as const) {
    const [a, b, c] = [first, filled, last].map(memory => memory[kind].toFixed(1));
    t.diagnostic(`the daemon’s ${kind}: ${a} MB before, ${b} after ${FILLED_AFTER} updates, ${c} after ${UPDATES}`);
  }
  t.diagnostic(`resident before ${before.toFixed(0)} MB, after ${after.toFixed(0)} MB`);
  assert.deepEqual(failures.slice(0, 5), []);
  assert.ok(versions.size >= 8, 'answers of most models were seen');
  const held = last.heap + last.buffers - filled.heap - filled.buffers;
  assert.ok(held < MORE_HELD_MEGABYTES, `the last ${UPDATES - FILLED_AFTER} updates left ${held.toFixed(1)} MB held`);
  const resident = last.resident - filled.resident;
  assert.ok(resident < MORE_RESIDENT_MEGABYTES, `they left ${resident.toFixed(0)} MB more resident`);
});
