/**
 * Keys made by the command and by pairing, and taken back; the PIN, set and tried; lines of the audit; certificates. Some of it is
 * written without waiting for the disk, between what is waited for.
 */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Access, type Doing } from '../../../device/access/access.ts';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import { PIN_COST } from '../../support/access.ts';
import { type Place, promisedBy, type Workload } from '../support/workload.ts';
import { kindOf, type LineSeen, nameOf, pinOf, STEPS, type State, stateAfter, WRONG_PIN } from './access-model.ts';

/** The step that each process ends with. The first is the command; each ends in good order, and the next opens the file anew. */
const PARTS = [1, STEPS.length + 4, 2 * STEPS.length + 2] as const;

/** Steps that a process which is to be killed does at most: there may be a hundred keys, and a killer who comes late would find more. */
const MOST_AT_ONCE = 8;
const HOUR_MS = 3_600_000;

const dataOf = ({ root }: Place): string => join(root, 'deep', 'state');
const pathOf = (data: string): string => join(data, ACCESS_DATABASE);
const open = (data: string): Access => Access.open(pathOf(data), { pinCost: PIN_COST });

const locally: Doing = { who: { kind: 'local' }, address: null, what: 'keys create' };
const doingOf = (number: number): Doing => ({ who: { kind: 'staff' }, address: '::1', what: `step ${number}` });

/** Does step `number`, from 1. @returns what the one who asked for it must find again: a token, a fingerprint */
async function step(access: Access, number: number): Promise<string> {
  const { doing, at } = { doing: doingOf(number), at: (kind: string) => nameOf(kind, number) };
  const steps = {
    key: () => access.createKey(at('key'), 'inventory', locally).token,
    pin: async () => {
      await access.setPin(pinOf(number), { replacing: true, doing });
      return '';
    },
    begin: () => String(access.audit.begin({ ...doing, subject: 'g1', keptLong: false })),
    end: () => {
      access.audit.end(access.audit.page(1)[0]?.id ?? 0, 200);
      return '';
    },
    pair: () => {
      const shown = access.pairing.begin('admin');
      const code = shown.state === 'open' ? shown.code : '';
      const { token } = access.pairing.redeem(code, scope => access.createKey(at('pair'), scope, doing));
      // Its use is noted, and not waited for.
      access.keys.find(token);
      return token;
    },
    wrong: async () => {
      await assert.rejects(access.pin.check(WRONG_PIN), { code: 'pin-wrong' });
      return '';
    },
    enter: async () => {
      await access.enter(pinOf(number), doing);
      return '';
    },
    revoke: () => {
      const { id } = access.keys.list().find(({ name }) => name === at('key')) ?? {};
      return access.revokeKey(id ?? '', doing).id;
    },
    certificate: async () => (await access.certificates.renew([`step-${number}.local`])).fingerprint,
  };
  return await steps[kindOf(number)]();
}

/** All that the file holds. @throws where a part of it does not belong to the rest */
function seenIn(data: string, access: Access): State {
  const database = new DatabaseSync(pathOf(data), { readOnly: true });
  const tries = Number(database.prepare('SELECT wrong_tries AS n FROM staff').get()?.n ?? 0);
  database.close();
  const { kept } = access.certificates;
  if (kept !== undefined) {
    const key = createPrivateKey(kept.privateKey);
    assert.ok(new X509Certificate(kept.certificate).checkPrivateKey(key), 'the certificate is of another key');
  }
  const lines: LineSeen[] = access.audit
    .page(Number.MAX_SAFE_INTEGER)
    .map(({ what, subject, outcome }) => [what, subject?.replace(/^[0-9a-f]{12} /, '') ?? null, outcome]);
  return {
    keys: access.keys
      .list()
      .map(({ name, scope, revoked }) => ({ name, scope, revoked: revoked !== null }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    lines: lines.reverse(),
    pin: access.pin.version,
    tries,
    certificate: kept === undefined ? null : (new X509Certificate(kept.certificate).subjectAltName ?? null),
  };
}

/** Whether a file that holds this is as after step `number`; where the next one may be under way, in the midst of that. */
function isAfter(seen: State, number: number, nextBegun: boolean): boolean {
  const { tries, ...expected } = stateAfter(number);
  const { tries: counted, ...found } = seen;
  if (found.lines.length !== expected.lines.length) return false;
  if (JSON.stringify(found) !== JSON.stringify(expected)) return false;
  // Whoever enters the PIN has a try counted, then the count taken back, then a line.
  return counted === tries || (nextBegun && kindOf(number + 1) === 'enter' && (counted === 0 || counted > tries));
}

/** The step that the file is as after. @throws where it is none */
function stepIn(seen: State): number {
  for (let number = seen.lines.length; number <= 2 * seen.lines.length + STEPS.length; number += 1) {
    if (isAfter(seen, number, true)) return number;
  }
  throw new Error(`The file is as after no step: ${JSON.stringify(seen)}`);
}

async function stepsFrom(
  access: Access,
  [first, last]: readonly [number, number],
  acknowledge: (what: string) => void,
): Promise<void> {
  for (let number = first; number <= last; number += 1) {
    acknowledge(`begin ${number}`);
    acknowledge(`done ${number} ${await step(access, number)}`);
  }
}

/** `npm run keys -- create`, in this process. */
async function createByCommand(data: string, name: string, acknowledge: (what: string) => void): Promise<void> {
  process.env.LOOKDIAL_DATA = data;
  process.argv = [...process.argv.slice(0, 2), 'create', '--name', name, '--scope', 'inventory'];
  console.log = (token: string) => acknowledge(`done 1 ${token}`);
  await import('../../../scripts/keys.ts');
  assert.equal(process.exitCode, 0);
}

/** What was given out is found again, but for what was taken back or replaced since. */
function checkGiven(access: Access, acknowledged: readonly string[], { keys, certificate }: State): void {
  for (const what of acknowledged) {
    const [said, at, given = ''] = what.split(' ');
    const number = Number(at);
    if (said !== 'done' || given === '') continue;
    const kind = kindOf(number);
    if (kind === 'key' || kind === 'pair') {
      const name = nameOf(kind, number);
      const taken = keys.find(key => key.name === name)?.revoked;
      assert.equal(access.keys.find(given)?.name, taken ? undefined : name, `the key of step ${number}`);
    } else if (kind === 'certificate' && certificate === `DNS:step-${number}.local`) {
      assert.equal(access.certificates.kept?.fingerprint, given, 'the fingerprint that was noted is another');
    }
  }
}

/** Goes on from what is there, and comes to what it comes to with no cut. */
async function goOn(data: string, access: Access, from: number): Promise<void> {
  await stepsFrom(access, [from + 1, from + STEPS.length], () => undefined);
  assert.deepEqual(seenIn(data, access), stateAfter(from + STEPS.length));
  const { pin } = stateAfter(from);
  const old = Array.from({ length: from }, (_, at) => from - at).filter(number => kindOf(number) === 'pin')[0];
  if (pin > 0 && old !== undefined) await assert.rejects(access.pin.check(pinOf(old)), { code: 'pin-wrong' });
  const database = new DatabaseSync(pathOf(data));
  assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  database.close();
}

export const access: Workload = {
  parts: PARTS.length,
  prepare: async () => undefined,
  expect: async () => undefined,

  async write(place, acknowledge, part) {
    const data = dataOf(place);
    const last = PARTS[part] ?? 0;
    if (part === 0 && !existsSync(pathOf(data))) {
      acknowledge('begin 1');
      return await createByCommand(data, nameOf('key', 1), acknowledge);
    }
    mkdirSync(data, { recursive: true });
    const file = open(data);
    await stepsFrom(file, [stepIn(seenIn(data, file)) + 1, last], acknowledge);
    file.close();
  },

  async churn(place, acknowledge) {
    const data = dataOf(place);
    mkdirSync(data, { recursive: true });
    const file = open(data);
    const before = stepIn(seenIn(data, file));
    await stepsFrom(file, [before + 1, before + MOST_AT_ONCE], acknowledge);
    // It is killed, if not before.
    await sleep(HOUR_MS);
  },

  async check(place, acknowledged, recover) {
    // To look means to write: tries are counted. So it is done on a copy.
    const copy = { ...place, root: `${place.root}-looked-at` };
    const data = dataOf(copy);
    rmSync(copy.root, { recursive: true, force: true });
    cpSync(place.root, copy.root, { recursive: true });
    mkdirSync(data, { recursive: true });
    const file = open(data);
    try {
      assert.equal(statSync(pathOf(data)).mode & 0o777, 0o600);
      const { done, begun } = promisedBy(acknowledged);
      const last = Number(done?.split(' ')[0] ?? 0);
      const most = Math.max(last, ...begun.map(Number));
      // What is not waited for may be lost with the power, and nothing before it.
      const least = kindOf(last) === 'end' ? last - 1 : last;
      const seen = seenIn(data, file);
      const allowed = Array.from({ length: most - least + 1 }, (_, at) => least + at);
      const number = allowed.find(one => isAfter(seen, one, one < most));
      assert.ok(number !== undefined, `it is as after none of the steps ${allowed}: ${JSON.stringify(seen)}`);
      checkGiven(file, acknowledged, seen);
      if (seen.pin > 0) assert.equal(await file.pin.check(pinOf(number)), seen.pin);
      if (recover) await goOn(data, file, number);
    } finally {
      file.close();
      rmSync(copy.root, { recursive: true, force: true });
    }
  },
};
