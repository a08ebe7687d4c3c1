// Loaded before everything else, by whatever Node there is. The right one comes with the project, but npm 9, which Debian 12 and
// Ubuntu 24.04 have, does not put it into the path of the commands: an older Node hands over to it, and ends as it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const OLDEST = 24;

export const isOld = Number(process.versions.node.split('.')[0]) < OLDEST;
const own = fileURLToPath(new URL(`../node_modules/node-linux-${process.arch}/bin/node`, import.meta.url));

if (isOld && process.execPath !== own && existsSync(own)) {
  const env = { ...process.env, PATH: `${dirname(own)}${delimiter}${process.env.PATH}` };
  const child = spawn(own, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit', env });
  // From a terminal both get it; whoever stops this process alone means the other.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code, signal] = await once(child, 'exit');
  process.exit(code ?? 128 + (signal === 'SIGTERM' ? 15 : 9));
}
