/**
 * Loaded before each test file: one that does not come to its end says what keeps it, and fails. Without it the runner would wait
 * for ever, and say nothing.
 */
import { isMainThread } from 'node:worker_threads';

/** How many minutes a file may take: `npm test -- --minutes=60`. */
export const MINUTES_VARIABLE = 'LOOKDIAL_TEST_MINUTES';

const minutes = Number(process.env[MINUTES_VARIABLE]);
// The runner itself loads it too, and so may what a test starts.
if (minutes > 0 && isMainThread && process.env.NODE_TEST_CONTEXT !== undefined) {
  setTimeout(() => {
    const kept = process.getActiveResourcesInfo().filter(name => name !== 'Timeout');
    console.error(
      `${process.argv[1]} has not ended within ${minutes} minutes. What is still open: ${kept.join(', ')}.`,
    );
    process.exit(1);
  }, minutes * 60_000).unref();
}
