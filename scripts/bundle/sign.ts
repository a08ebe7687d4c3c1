/** `sign`: signs what is staged with the keys of a folder, for the people whose keys are not on the machine that publishes: root and targets. */
import { LookdialError } from '../../device/errors.ts';
import { releaseLines, rootLines, signingState } from './describe.ts';
import { holding } from './hold.ts';
import type { PublicKey } from './key-files.ts';
import { keysFor, publicValue, type Signed, signersOf, signWith, thresholdOf } from './metadata.ts';
import { openRepository } from './repository.ts';
import type { Setting } from './setting.ts';
import { keysOfFolders, Signers } from './signers.ts';
import { keepDraft, nothingStaged, readStaged, type Staged } from './staged.ts';

export interface Draft {
  readonly role: 'root' | 'targets';
  readonly metadata: Signed;
  /** Roots that count its signatures: the one that will be in place, and the one that is. */
  readonly judges: readonly Signed<'root'>[];
}

/** What of the staged is to be signed. */
export function draftsOf(staged: Staged, inPlace = staged.trusted): Draft[] {
  const { root, targets } = staged;
  const judges = [root, inPlace].filter(one => one !== undefined);
  return [
    ...(root === undefined ? [] : [{ role: 'root' as const, metadata: root, judges }]),
    ...(targets === undefined ? [] : [{ role: 'targets' as const, metadata: targets, judges }]),
  ];
}

const sameKeys = (one: Signed<'root'>, other: Signed<'root'>, role: Draft['role']): boolean =>
  thresholdOf(one, role) === thresholdOf(other, role) &&
  keysFor(one, role).map(publicValue).sort().join() === keysFor(other, role).map(publicValue).sort().join();

export interface State {
  readonly lines: readonly string[];
  /** Signatures without which it cannot be published. */
  readonly missing: number;
  /** Signatures of keys that are replaced, without which a box that asks in the moment of the change asks again. */
  readonly last: number;
}

function stateOf({ role, metadata, judges: [next, inPlace] }: Draft): State {
  if (next === undefined) return { lines: [], missing: 0, last: 0 };
  const file = `${metadata.signed.version}.${role}.json`;
  const own = signingState(role, metadata, next);
  if (inPlace === undefined || sameKeys(next, inPlace, role)) {
    return { lines: [`${file}: ${own.line}`], missing: own.missing, last: 0 };
  }
  const old = signingState(role, metadata, inPlace);
  const lines = [`${file}: ${own.line}`, `${file}: by the root in place, ${old.line}`];
  // A root must be what both ask for. Targets must be what the new one asks for.
  return role === 'root'
    ? { lines, missing: own.missing + old.missing, last: 0 }
    : { lines, missing: own.missing, last: old.missing };
}

/** How far the drafts are, a line for each root that asks for signatures of its own. */
export function signedSoFar(drafts: readonly Draft[]): State {
  const states = drafts.map(stateOf);
  return {
    lines: states.flatMap(({ lines }) => lines),
    missing: states.reduce((sum, { missing }) => sum + missing, 0),
    last: states.reduce((sum, { last }) => sum + last, 0),
  };
}

interface Task {
  readonly key: PublicKey;
  readonly draft: Draft;
  readonly judge: Signed<'root'>;
}

/** The signatures that the given keys may add. */
function tasksOf(drafts: readonly Draft[], keys: readonly PublicKey[]): { tasks: Task[]; done: number } {
  const tasks: Task[] = [];
  let done = 0;
  for (const draft of drafts) {
    for (const key of keys) {
      const isIt = (one: { keyVal: { public?: string } }): boolean => one.keyVal.public === key.value;
      const judge = draft.judges.find(root => keysFor(root, draft.role).some(isIt));
      if (judge === undefined) continue;
      if (signersOf(judge, draft.role, draft.metadata).some(one => publicValue(one) === key.value)) done += 1;
      else tasks.push({ key, draft, judge });
    }
  }
  return { tasks, done };
}

/** Says what is to be signed, before anything is. */
function describe({ root, release }: Staged, inPlace: Signed<'root'> | undefined, say: Setting['say']): void {
  if (root !== undefined) for (const line of rootLines(root, inPlace)) say(line);
  if (release !== undefined) for (const line of releaseLines(release)) say(line);
}

async function signHeld(setting: Setting, keys: readonly PublicKey[]): Promise<number> {
  const { repository, staged: folder, keys: folders, say } = setting;
  const staged = await readStaged(folder);
  // Where the repository is at hand, it says what is in place, and not the folder that has travelled.
  const there = repository === '' ? undefined : (await openRepository(repository, staged.root)).root;
  const inPlace = there ?? staged.trusted;
  const drafts = draftsOf(staged, inPlace);
  if (drafts.length === 0) throw nothingStaged(folder);
  describe(staged, inPlace, say);
  const { tasks, done } = tasksOf(drafts, keys);
  if (tasks.length === 0 && done === 0) {
    const { lines } = signedSoFar(drafts);
    throw new LookdialError(
      'access-invalid',
      `None of the keys in ${folders.join(', ')} has a part in what is staged. ${lines.join('. ')}.`,
    );
  }
  // All of them first: where a passphrase is wrong, nothing is signed.
  const signers = new Signers(keys, setting);
  for (const { key } of tasks) await signers.open(key);
  for (const { key, draft, judge } of tasks) {
    signWith(draft.metadata, await signers.open(key), judge, draft.role);
    await keepDraft(folder, draft.role, draft.metadata);
    say(`${key.name} has signed ${draft.metadata.signed.version}.${draft.role}.json.`);
  }
  const { lines, missing, last } = signedSoFar(drafts);
  for (const line of lines) say(line);
  if (missing > 0) say(`Hand ${folder} to the next who signs.`);
  else if (last > 0) say('The key that is replaced is to sign, too; where it cannot, publish with --lost.');
  else say('It can be published: npm run bundle -- publish.');
  return missing;
}

/** @returns how many signatures are still wanting */
export async function sign(setting: Setting): Promise<number> {
  const { staged, patienceMs } = setting;
  const keys = await keysOfFolders(setting.keys);
  if (draftsOf(await readStaged(staged)).length === 0) throw nothingStaged(staged);
  return await holding([staged], () => signHeld(setting, keys), patienceMs);
}
