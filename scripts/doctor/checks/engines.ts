/** TensorRT's engines: whether this box builds them, which are there, and why one is not. */

import { keyOf } from '../../../device/engines/engine-cache.ts';
import { Engines } from '../../../device/engines/engines.ts';
import { LookdialError } from '../../../device/errors.ts';
import type { Bundle } from '../../../device/inference/bundle.ts';
import type { Box } from '../box.ts';
import { type Check, look, notHere, ok } from '../check.ts';
import { bytes, sentence } from '../words.ts';

/** Looks, and builds nothing. */
export const enginesOf = (box: Box): Promise<Engines> =>
  Engines.open({
    ...box.config,
    sysfs: box.system('/sys/'),
    etc: box.system('/etc'),
    log: { info: () => undefined, warn: () => undefined },
  });

async function judge(box: Box, bundle: Bundle) {
  const engines = await enginesOf(box);
  const { tensorRt, cache } = engines;
  if (typeof tensorRt === 'string') return notHere(sentence(`No engines are built here: ${tensorRt}`));
  const { hardware, driver, version } = tensorRt;
  const nets = await engines.look(bundle);
  const shown = nets.map(({ of, record }) => {
    const { built, failed } = record ?? {};
    return `${of}: ${built ? `${bytes(built.bytes)}, built in ${built.seconds} s` : (failed ?? 'not built yet')}`;
  });
  const more = { shown: [`TensorRT ${version}, ${driver}, ${hardware}`, ...shown], measured: { tensorRt, nets } };
  const failed = nets.find(({ record }) => record?.failed !== undefined);
  if (failed) {
    return look(
      sentence(`The engine of ${failed.of} could not be built: ${failed.record?.failed}`),
      `Correct what it says; then remove ${cache.path(keyOf(failed.recipe), 'json')} and start the daemon again. Another driver, TensorRT or model is tried by itself.`,
      more,
    );
  }
  const missing = nets.find(({ record }) => record === undefined);
  if (missing) {
    return look(
      `The engine of ${missing.of} is not built yet for TensorRT ${version}.`,
      'Leave the daemon running: it builds it, and its log says what it waits for.',
      more,
    );
  }
  return ok(`The engines of ${bundle.name} are built for TensorRT ${version} on ${hardware}.`, more);
}

export const engines: Check = {
  name: 'engines',
  about: 'the engines that TensorRT runs, where the box builds them',
  async run(box) {
    try {
      return await judge(box, await box.bundle());
    } catch (error) {
      if (!(error instanceof LookdialError)) throw error;
      return notHere('There is no bundle whose engines could be looked at.', 'First put the bundle right: see bundle.');
    }
  },
};
