/** Makes the checks, one after another: none takes another with it. */
import type { Box } from './box.ts';
import { broken, type Finding } from './check.ts';
import type { Listed } from './checks.ts';
import type { Reported } from './report.ts';
import { said, sentence } from './words.ts';

async function find({ load }: Listed, box: Box): Promise<Finding> {
  try {
    return await (await load()).run(box);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND') {
      return broken(
        sentence(`What this check needs is not installed: ${said(error)}`),
        'Run npm ci in the project’s folder, then look again.',
      );
    }
    return broken(
      sentence(`This could not be looked at: ${said(error)}`),
      'Tell us: that is a fault of the doctor, whatever else is wrong.',
    );
  }
}

/** @param onFound called with each as it is known */
export async function examine(
  box: Box,
  checks: readonly Listed[],
  onFound?: (reported: Reported) => void,
): Promise<Reported[]> {
  const reported: Reported[] = [];
  for (const check of checks) {
    const began = performance.now();
    const finding = await find(check, box);
    const one = { name: check.name, ...finding, seconds: Number(((performance.now() - began) / 1000).toFixed(3)) };
    reported.push(one);
    onFound?.(one);
  }
  return reported;
}
