/** How a store's command ends: with its exit status, and with a sentence where something is wrong. */
import { startFailure } from '../../device/start-failure.ts';

/** Runs `main` and sets the exit status: what it returns, 2 after the usage for options that are not ones, 1 for what can be said in a sentence. */
export async function runCommand(main: () => Promise<number>, usage: string): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isUsage = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') ?? false;
    const failure = isUsage ? (error as Error) : startFailure(error);
    if (failure === undefined) throw error;
    console.error(isUsage ? `${failure.message}\n\n${usage}` : failure.message);
    process.exitCode = isUsage ? 2 : 1;
  }
}
