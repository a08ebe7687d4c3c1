/** A key for what writes, or changes the model, while it is measured. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../..');

/** Headers that let a till write. */
export const writerHeaders = (data: string): Record<string, string> => keyHeaders(data, 'inventory');

/**
 * Headers of whoever has a key of this scope.
 * @param data the state folder; its daemon may be running
 * @throws Error where no key can be made
 */
export function keyHeaders(data: string, scope: 'inventory' | 'admin'): Record<string, string> {
  const command = ['scripts/keys.ts', 'create', '--name', 'bench', '--scope', scope];
  const made = spawnSync(process.execPath, command, {
    cwd: PROJECT,
    encoding: 'utf8',
    env: { ...process.env, LOOKDIAL_DATA: data },
  });
  if (made.status !== 0) throw new Error(`There is no key: ${made.stderr}`);
  return { authorization: `Bearer ${made.stdout.trim()}` };
}
