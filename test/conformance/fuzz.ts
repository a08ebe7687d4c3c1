/**
 * `npm run fuzz`: a real daemon over loopback, and every call of its OpenAPI document asked what the document allows and
 * what it does not. Nothing may fail inside the box, no answer may be one that the document does not describe, and the
 * memory must stay flat. Schemathesis asks; SCHEMATHESIS is its path: see .ci/run.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type { Items } from '../../device/api/item-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import { ALLOCATOR, NODE_FLAGS } from '../../scripts/bench/as-started.ts';
import { processTree, residentMegabytes } from '../../scripts/bench/load/resident.ts';
import { type IndexedStore, indexedStore } from '../support/indexed-store.ts';
import { MainProcess } from '../support/main-process.ts';
import { temporaryFolder } from '../support/store.ts';
import { knowing, type OpenApi } from './knowing.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const GARMENTS = 24;
/** By turns the whole document, and the same narrowed to this box; each round has a seed of its own. */
const ROUNDS = 4;
/** Cases that chance makes, a call and a round; the document's own bounds give some hundred more. */
const CASES = 20;
/** What may be added to the resident memory from the end of the second round to that of the last, megabytes. */
const MAY_GROW_MB = 32;
/** A round that takes longer hangs, milliseconds. */
const ROUND_MS = 10 * 60_000;

/**
 * What every answer is held to. Left out: that whatever fits the schema is taken (positive_data_acceptance): how long a
 * point is, and how far its dials go, depends on the model, and the document does not know it.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'unsupported_method',
];

function schemathesis(): string {
  const given = process.env.SCHEMATHESIS ?? 'schemathesis';
  const path = given.includes('/') ? resolve(given) : given;
  const { status } = spawnSync(path, ['--version']);
  if (status === 0) return path;
  throw new Error(
    `Schemathesis is not at ${path}. Install it: python3 -m venv VENV && VENV/bin/pip install -r ` +
      'test/conformance/requirements.txt, then set SCHEMATHESIS=VENV/bin/schemathesis.',
  );
}

/** An answer that never ends is not asked for: a stream of events. */
const endless = ({ paths }: OpenApi): string[] =>
  Object.values(paths).flatMap(methods =>
    Object.values(methods)
      .filter(({ responses }) => 'text/event-stream' in (responses['200']?.content ?? {}))
      .map(({ operationId }) => operationId),
  );

/** A key for all there is to do, where the box has keys. */
function keyHeader({ data }: IndexedStore): string[] {
  const { scripts } = JSON.parse(readFileSync(resolve(PROJECT, 'package.json'), 'utf8'));
  if (scripts.keys === undefined) return [];
  const [script, ...command] = ['scripts/keys.ts', 'create', '--name', 'fuzz', '--scope', 'admin'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(PROJECT, script), ...command], {
    encoding: 'utf8',
    env: { ...process.env, LOOKDIAL_DATA: data },
  });
  assert.equal(status, 0, stderr);
  return ['--header', `Authorization: Bearer ${stdout.trim()}`];
}

/** Calls of the document, without the one that gives it: that is how it is read. */
const calls = ({ paths }: OpenApi): number =>
  Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0) - 1;

/** The document as this box alone would have it, as a file. */
async function narrowed(t: TestContext, address: string, document: OpenApi): Promise<string> {
  const { latentDim, range } = (await (await fetch(`${address}/api/v1/model`)).json()) as Model;
  const { items } = (await (await fetch(`${address}/api/v1/items?limit=200`)).json()) as Items;
  const { '/api/v1/openapi.json': _, ...paths } = document.paths;
  const box = { latentDim, range, skus: items.map(({ sku }) => sku) };
  const path = join(await temporaryFolder(t), 'openapi.json');
  await writeFile(path, JSON.stringify(knowing({ ...document, paths }, box)));
  return path;
}

test('every call stands whatever it is asked, answers as its document says, and keeps nothing', async t => {
  const program = schemathesis();
  const store = await indexedStore(t, { count: GARMENTS });
  const settings = { LOOKDIAL_DATA: store.data, LOOKDIAL_BUNDLE: store.bundle, ...ALLOCATOR };
  // As people start it: without these it keeps for many rounds what it has freed, and growth would say nothing.
  const daemon = new MainProcess(t, settings, ([node = '', ...main]) => [node, ...NODE_FLAGS, ...main]);
  const address = await daemon.address;
  const url = `${address}/api/v1/openapi.json`;
  const document = (await (await fetch(url)).json()) as OpenApi;
  const left = endless(document).flatMap(name => ['--exclude-operation-id', name]);
  const sources = [
    ['--mode', 'all', url],
    ['--mode', 'positive', '--url', address, await narrowed(t, address, document)],
  ] as const;
  const options = ['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing', '--continue-on-failure'];
  const bounds = ['--max-examples', String(CASES), '--no-shrink', '--request-timeout', '30', '--warnings', 'off'];
  // A slow machine makes Schemathesis slow: that is no fault of the API's.
  const patience = ['--suppress-health-check', 'all'];
  // What it keeps of a run goes with it.
  const cwd = await temporaryFolder(t);
  const key = keyHeader(store);
  const sizes: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const source = sources[round % sources.length] ?? sources[0];
    const asked = ['run', ...options, ...bounds, ...patience, ...left, ...key, '--seed', String(1 + round), ...source];
    const run = promisify(execFile)(program, asked, {
      cwd,
      timeout: ROUND_MS,
      maxBuffer: 2 ** 26,
      env: { ...process.env, NO_COLOR: '1' },
    });
    const { stdout } = await run.catch((error: { stdout?: string; message: string }) => {
      assert.fail(`Round ${round + 1}: ${error.message.slice(0, 500)}\n${error.stdout?.slice(-20_000)}`);
    });
    assert.match(stdout, new RegExp(`Tested: ${calls(document) - left.length / 2}\\b`), stdout.slice(-2_000));
    sizes.push(await residentMegabytes(processTree(daemon.child.pid ?? 0)));
    const cases = /(\d+) generated/.exec(stdout)?.[1];
    t.diagnostic(`round ${round + 1}: ${cases} cases, then ${sizes.at(-1)?.toFixed(0)} MB resident`);
  }
  const [warm = 0, last = 0] = [sizes[sources.length - 1], sizes.at(-1)];
  assert.ok(last - warm <= MAY_GROW_MB, `resident memory grew from ${warm.toFixed(0)} to ${last.toFixed(0)} MB`);
  assert.equal(daemon.child.exitCode, null, 'the daemon is still there');
});
