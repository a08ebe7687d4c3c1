/** Engines that were built for TensorRT beforehand, as the ladder asks for them: who builds them is no matter of it. */
import type { Bundle, Role } from './bundle.ts';
import type { Member } from './members.ts';
import { NetRefused } from './net-job.ts';

/** An ONNX file that stands in for the bundle's own. */
export interface Engine extends Member {
  readonly folder: string;
}

/** The engines, or why there are none; `built` settles once they are there, or with why they could not be built. */
export type EngineFinding =
  | Readonly<Record<Role, Engine>>
  | { readonly reason: string; readonly built?: Promise<string | undefined> };

export const ENGINE_STATES = ['none', 'building', 'ready', 'failed'] as const;

/** How the engine of one net stands. */
export interface EngineStanding {
  readonly state: (typeof ENGINE_STATES)[number];
  /** Why there is none, as a clause; undefined while it is built, and once it is there. */
  readonly reason?: string | undefined;
}

export interface EngineSource {
  /** Undefined where none are made here: the provider takes the bundle's own files. */
  find(bundle: Bundle): Promise<EngineFinding | undefined>;
}

/** A provider that waits for its engines: it can be tried again when they are built. */
export class EngineAwaited extends NetRefused {
  readonly built: Promise<string | undefined> | undefined;

  constructor(reason: string, built: Promise<string | undefined> | undefined) {
    super('provider', reason);
    this.built = built;
  }
}
