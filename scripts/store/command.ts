/** How a store's command ends: with its exit status, and with a sentence where something is wrong. */
import { LookdialError } from '../../device/errors.ts';

/** Runs `main` and sets the exit status: what it returns, 2 after the usage for options that are not ones, 1 for a LookdialError. */
export async function runCommand(main: () => Promise<number>, usage: string): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isUsage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') ?? false;
    if (!isUsage && !(error instanceof LookdialError)) throw error;
    console.error(isUsage ? `${(error as Error).message}\n\n${usage}` : (error as Error).message);
    process.exitCode = isUsage ? 2 : 1;
  }
}
