/** Whether this is a Node that the daemon runs on. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { broken, type Check, look, ok } from '../check.ts';

const PACKAGE = resolve(import.meta.dirname, '../../../package.json');

const major = (version: string): number => Number(version.replace(/^v/, '').split('.')[0]);

/** What the project brings with it. */
function ownVersion(): string | undefined {
  const { optionalDependencies } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  return optionalDependencies[`node-linux-${process.arch}`];
}

/** @param version e.g. `v24.21.0` @param own undefined where the project brings none for this processor */
export function judgeNode(version: string, own: string | undefined): ReturnType<typeof ok> {
  const measured = { version, own };
  const get = 'Run npm ci, which installs the right one beside the project.';
  if (major(version) < 24) return broken(`This is Node ${version}, and Lookdial needs 24 or newer.`, get, { measured });
  if (own !== undefined && version !== `v${own}`) {
    return look(`This is Node ${version}, and the project was tested with ${own}.`, get, { measured });
  }
  return ok(`This is Node ${version}${own === undefined ? '' : ', the one that comes with the project'}.`, {
    measured,
  });
}

export const node: Check = {
  name: 'node',
  about: 'the version of Node',
  async run() {
    return judgeNode(process.version, ownVersion());
  },
};
