/** `check`: reads a repository whole as a box does, every file it lists included, and says what is published and how long it is good for. */
import { releaseLines } from './describe.ts';
import { daysLeft } from './metadata.ts';
import { checkFiles } from './release-files.ts';
import { openRepository } from './repository.ts';
import type { Setting } from './setting.ts';
import { draftsOf, signedSoFar } from './sign.ts';
import { readStaged } from './staged.ts';

/** @returns whether a box takes it today: nothing of it has expired */
export async function check(setting: Setting): Promise<boolean> {
  const { repository, staged: folder, now, say } = setting;
  const staged = await readStaged(folder);
  const { root, published } = await openRepository(repository, undefined);
  const { lines } = signedSoFar(draftsOf(staged, root));
  const waiting = lines.length === 0 ? [] : [`Staged in ${folder}:`, ...lines.map(line => `  ${line}`)];
  if (root === undefined || published === undefined) {
    say('Nothing is published yet.');
    for (const line of waiting) say(line);
    return false;
  }
  await checkFiles(
    setting,
    published.release,
    'Copy the repository again; where it is the first of them: npm run bundle -- make FOLDER.',
  );
  for (const line of releaseLines(published.release)) say(line);
  const { timestamp, snapshot, targets } = published;
  let good = true;
  for (const [role, file] of Object.entries({ root, targets, snapshot, timestamp })) {
    const left = daysLeft(file, now);
    good &&= left > 0;
    const state = left > 0 ? `good until ${file.signed.expires}` : `expired on ${file.signed.expires}`;
    say(`  ${role.padEnd(9)}  version ${String(file.signed.version).padEnd(4)}  ${state}`);
  }
  for (const line of waiting) say(line);
  return good;
}
