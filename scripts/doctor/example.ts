/** The file of settings to begin from: every setting there is, as a comment, with its default. */
import { resolve } from 'node:path';
import { environmentName, SETTINGS } from '../../device/config.ts';
import type { Setting } from '../../device/setting-kinds.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const WIDTH = 110;

const HEAD = `// The settings of a Lookdial box, every one with its default. To change one, take the // before it away.
// Name the file in LOOKDIAL_CONFIG. What is in the environment goes before what is here.
// What is wrong in it is told by its line at the next start, and by: npm run doctor -- settings
`;

/** Words as lines of comments, inside the braces. */
function comment(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].map(one => `  // ${one}`);
}

/** As it is written in the file; the project's own folders as they are from there. */
const written = (value: unknown): string => {
  const short = (one: unknown): unknown => (typeof one === 'string' ? one.replace(`${PROJECT}/`, '') : one);
  const shown = Array.isArray(value) ? value.map(short) : short(value);
  return JSON.stringify(shown).replaceAll('","', '", "');
};

const entry = ([name, { about, default: value, must }]: [string, Setting<unknown>]): string =>
  [
    ...comment(`${about[0]?.toUpperCase()}${about.slice(1)}.`),
    ...comment(`It must ${must}. In the environment it is ${environmentName(name)}.`),
    `  // ${JSON.stringify(name)}: ${written(value)},`,
  ].join('\n');

/** The file's text: JSON with comments, which changes nothing as it stands. */
export const exampleSettings = (): string =>
  `${HEAD}{\n${Object.entries<Setting<unknown>>(SETTINGS).map(entry).join('\n\n')}\n}\n`;
