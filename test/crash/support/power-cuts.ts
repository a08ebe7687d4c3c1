/** Records a workload, cuts the power at every write of it, and looks at what is left. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SCRATCH } from '../../support/scratch.ts';
import { type WorkloadName, workloadOf } from '../workloads/index.ts';
import { type Fate, type Image, imageAfter, momentsOf, SEEDED_FATES, SETTLED_FATES } from './disk.ts';
import { Recording, type RecordingOptions } from './recording.ts';
import { type Call, trace } from './strace.ts';
import type { Place } from './workload.ts';

const WRITER = resolve(import.meta.dirname, 'writer.ts');
/** A process killed within a call may or may not have made it: it is recorded again. */
const RECORDINGS = 8;

export interface Recorded {
  readonly name: WorkloadName;
  readonly place: Place;
  /** The same run again, with some of its syncs left out. */
  replay(without?: RecordingOptions['without']): Recording;
  remove(): void;
}

export interface Cuts {
  /** Seeds for each moment and each fate that chance decides. */
  readonly seeds: number;
  /** One of this many moments is cut at; 1: each. */
  readonly every?: number;
  /** Of the different states, one of this many is also gone on from; 1: each. */
  readonly recoverEvery?: number;
  /** What was acknowledged before the recording began. */
  readonly acknowledged?: readonly string[];
  /** Ends at the first that is found. */
  readonly untilFound?: boolean;
}

export interface Found {
  readonly name: WorkloadName;
  readonly moments: number;
  /** Different states of the folder that were opened. */
  readonly states: number;
  /** Of these, how many were gone on from. */
  readonly recovered: number;
  readonly violations: readonly string[];
}

const sameFiles = (a: Image, b: Image): boolean =>
  a.size === b.size &&
  [...a].every(([path, content]) => {
    const other = b.get(path);
    return content === null ? other === null : other instanceof Buffer && content.equals(other);
  });

/**
 * Runs a workload, and notes all it does to the disk.
 * @param before what is there at the start: nothing unless said otherwise
 */
export async function record(name: WorkloadName, before: Image = new Map()): Promise<Recorded> {
  const workload = await workloadOf(name);
  const base = mkdtempSync(join(SCRATCH, 'lookdial-cuts-'));
  const place: Place = { root: join(base, 'disk'), given: join(base, 'given') };
  mkdirSync(place.given);
  await workload.prepare(place.given);
  for (let tries = 1; tries <= RECORDINGS; tries += 1) {
    const acknowledgements = join(base, `acknowledged-${tries}`);
    rmSync(place.root, { recursive: true, force: true });
    writeImage(place.root, before);
    const options = { root: place.root, acknowledgements };
    const started = new Recording(options);
    const parts = Array.from({ length: workload.parts }, (_, part) => {
      return trace([process.execPath, WRITER, name, JSON.stringify(place), String(part), acknowledgements]);
    });
    const failed = parts.find(({ status }) => status !== null && status !== 0);
    if (failed !== undefined) throw new Error(`The workload ${name} failed under strace: ${failed.stderr}`);
    if (parts.some(({ cutShort }) => cutShort.some(text => text.includes(hexOf(place.root))))) continue;
    const calls = parts.map(part => part.calls);
    follow(started, calls);
    checkFinal(started, name);
    await workload.expect(place);
    return {
      name,
      place,
      replay: without => {
        rmSync(place.root, { recursive: true, force: true });
        writeImage(place.root, before);
        return follow(new Recording({ ...options, ...(without && { without }) }), calls);
      },
      remove: () => rmSync(base, { recursive: true, force: true }),
    };
  }
  throw new Error(`The workload ${name} was killed within a call ${RECORDINGS} times.`);
}

const hexOf = (text: string): string => Buffer.from(text).toString('hex').replace(/../g, '\\x$&');

function follow(recording: Recording, parts: readonly (readonly Call[])[]): Recording {
  for (const calls of parts) recording.follow(calls);
  return recording;
}

/** The recording proves itself: what it says is in the folder is what is there. */
function checkFinal(recording: Recording, name: string): void {
  const lasting = (files: Image): Image => new Map([...files].filter(([path]) => !path.endsWith('-shm')));
  const actual = new Recording({ root: recording.folder, acknowledgements: '' }).final;
  if (!sameFiles(lasting(recording.final), lasting(actual))) {
    const list = (files: Image): string => [...files].map(([path, bytes]) => `${path} ${bytes?.length}`).join(', ');
    throw new Error(`The recording of ${name} has ${list(recording.final)}; the folder has ${list(actual)}.`);
  }
}

export function writeImage(root: string, image: Image): void {
  mkdirSync(root, { recursive: true });
  for (const [path, content] of image) {
    const whole = join(root, path);
    if (content === null) {
      mkdirSync(whole, { recursive: true });
      continue;
    }
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, content);
  }
}

const digestOf = (image: Image, acknowledged: readonly string[]): string => {
  const hash = createHash('sha256').update(JSON.stringify(acknowledged));
  for (const [path, content] of [...image].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([path, content?.length ?? null])).update(content ?? '');
  }
  return hash.digest('hex');
};

/** Cuts at every moment, and checks each different state that may be found. */
export async function cutEverywhere(recorded: Recorded, recording: Recording, cuts: Cuts): Promise<Found> {
  const { every = 1, recoverEvery = 1, seeds, acknowledged: before = [], untilFound = false } = cuts;
  const workload = await workloadOf(recorded.name);
  const moments = momentsOf(recording).filter((_, place) => place % every === 0);
  const seen = new Set<string>();
  const violations: string[] = [];
  let recovered = 0;
  const look = async (at: number, fate: Fate, seed: number): Promise<void> => {
    const image = imageAfter(recording, at, fate, seed);
    const acknowledged = [...before, ...recording.acknowledgedAt(at)];
    const digest = digestOf(image, acknowledged);
    if (seen.has(digest)) return;
    seen.add(digest);
    const recover = (seen.size - 1) % recoverEvery === 0;
    if (recover) recovered += 1;
    // A folder of its own: what a thread of the last one's closes late must not be this one's.
    const place = { ...recorded.place, root: join(dirname(recorded.place.root), `cut-${seen.size}`) };
    writeImage(place.root, image);
    try {
      await workload.check(place, acknowledged, recover);
    } catch (error) {
      const { message } = error as Error;
      violations.push(`cut at ${at}, ${fate}, seed ${seed}, ${acknowledged.at(-1) ?? 'nothing'} said: ${message}`);
    } finally {
      rmSync(place.root, { recursive: true, force: true });
    }
  };
  for (const [number, at] of moments.entries()) {
    if (untilFound && violations.length > 0) break;
    for (const fate of SETTLED_FATES) await look(at, fate, 0);
    for (const fate of SEEDED_FATES)
      for (let seed = 0; seed < seeds; seed += 1) await look(at, fate, 1000 * number + seed);
  }
  return { name: recorded.name, moments: moments.length, states: seen.size, recovered, violations };
}

/** What was looked at, in one line. */
export const foundText = ({ name, moments, states, recovered, violations }: Found): string =>
  `${name}: cut at ${moments} moments, ${states} different states opened, ${recovered} of them gone on from, ${violations.length} wrong`;
