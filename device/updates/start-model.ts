/**
 * Which model a start serves: the one the store is encoded by, and the one before it where that does not start. A start must
 * end with a model that serves, whatever an update has brought.
 */
import { goBack, type ServedBundle, servedBundle } from '../edition/served-bundle.ts';
import type { Inference } from '../inference/inference.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { UpdateProgress } from './update-progress.ts';

/** Starts of the daemon within a probation, with which the release is taken to be what ends it. */
const MOST_STARTS = 4;

export interface StartModelOptions {
  /** Of the settings. */
  readonly bundle: string;
  readonly data: string;
  readonly catalogue: Catalogue;
  /** Left out on a box that has never taken updates. */
  readonly progress?: UpdateProgress | undefined;
  readonly log: { warn(text: string): void };
  /** Starts the nets. */
  start(bundle: ServedBundle['bundle']): Promise<Inference>;
}

export interface StartedModel extends ServedBundle {
  readonly inference: Inference;
}

/** @throws LookdialError where neither the model nor one before it starts */
export async function startModel(options: StartModelOptions): Promise<StartedModel> {
  const { progress } = options;
  const { state, release } = progress?.state ?? {};
  if (state === 'committed' && release !== undefined && progress !== undefined) {
    const starts = progress.countStart(release.release);
    if (starts >= MOST_STARTS) {
      const back = await backTo(options, `The daemon was started ${starts} times within its probation.`);
      if (back !== undefined) return back;
    }
  }
  let served: ServedBundle | undefined;
  try {
    served = await servedBundle(options);
    return { ...served, inference: await options.start(served.bundle) };
  } catch (error) {
    const back = await backTo(options, `It did not start: ${(error as Error).message}`);
    if (back === undefined) throw error;
    return back;
  }
}

/** Undefined where there is no model to go back to. */
async function backTo(options: StartModelOptions, reason: string): Promise<StartedModel | undefined> {
  const { catalogue, progress, log } = options;
  const back = await goBack(options, catalogue);
  if (back === undefined) return undefined;
  log.warn(`The store is served by the model before, ${back.bundle.name}: ${reason}`);
  const { state, release } = progress?.state ?? {};
  if (state === 'committed' && release !== undefined) progress?.rollBack(reason);
  else progress?.takeBack(reason);
  progress?.end();
  return { ...back, inference: await options.start(back.bundle) };
}
