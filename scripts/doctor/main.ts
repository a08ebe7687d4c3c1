/** `npm run doctor`: looks at the whole box, and says of each part whether it is well, and what to do next. */
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { LookdialError } from '../../device/errors.ts';
import { asTypedHere } from '../../device/own-command.ts';
import { Box } from './box.ts';
import { CHECKS, type Listed } from './checks.ts';
import { examine } from './examine.ts';
import { exampleSettings } from './example.ts';
import { asTable, exitStatus, settingsTable, shownSettings, summary } from './report.ts';

/** Of the command line: not one of the verdicts'. */
const USAGE_STATUS = 64;

const USAGE = asTypedHere(`npm run doctor -- [CHECK ...] [--json] [--verbose]
npm run doctor -- --example

Looks at the box, whether the daemon runs or not, and changes nothing. Without a CHECK all are made:
  ${CHECKS.map(({ name }) => name).join(', ')}

  --json      everything that was found, for programs
  --verbose   the details of what is well, too
  --example   prints a file of settings to begin from

The exit status is 0 where all is well, 1 where there is something to look at, 2 where something is broken, and ${USAGE_STATUS} for options
that are none. docs/doctor.md tells of each check.`);

class UsageError extends Error {}

function chosen(names: readonly string[]): readonly Listed[] {
  const unknown = names.find(name => !CHECKS.some(check => check.name === name));
  if (unknown !== undefined) throw new UsageError(`There is no check ${unknown}.`);
  return names.length === 0 ? CHECKS : CHECKS.filter(({ name }) => names.includes(name));
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      example: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help || values.example) {
    process.stdout.write(values.help ? `${USAGE}\n` : exampleSettings());
    return 0;
  }
  const checks = chosen(positionals);
  const box = new Box(process.env);
  const settings = shownSettings(box);
  if (values.json) {
    const reported = await examine(box, checks);
    const status = exitStatus(reported);
    const told = {
      at: new Date().toISOString(),
      host: hostname(),
      node: process.version,
      status,
      checks: reported,
      settings,
    };
    console.log(asTypedHere(JSON.stringify(told, undefined, 2)));
    return status;
  }
  const shown = positionals.length === 0 || positionals.includes('settings');
  const reported = await examine(box, checks);
  console.log(asTypedHere(asTable(reported, { verbose: values.verbose || positionals.length > 0 })));
  if (shown) console.log(`\nThe settings, and where each comes from:\n${settingsTable(settings)}`);
  console.log(`\n${summary(reported)}`);
  return exitStatus(reported);
}

export async function main(): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
    if (!isUsage && !(error instanceof LookdialError)) throw error;
    console.error(asTypedHere(isUsage ? `${(error as Error).message}\n\n${USAGE}` : (error as Error).message));
    process.exitCode = isUsage ? USAGE_STATUS : 2;
  }
}
