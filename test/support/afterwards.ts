/** What a test undoes when it ends. */
import type { TestContext } from 'node:test';

type Ending = Pick<TestContext, 'after'>;

const stacks = new WeakMap<Ending, AsyncDisposableStack>();

/**
 * Undoes something when the test ends: the last thing first, each once the one before it is done, and all of them though one fails.
 * The test’s own `after` goes the other way round and stops at the first that fails: a folder would be removed under the process
 * that writes in it, and then the process left running.
 */
export function afterwards(t: Ending, undo: () => unknown): void {
  let stack = stacks.get(t);
  if (!stack) {
    const made = new AsyncDisposableStack();
    stacks.set(t, made);
    t.after(() => made.disposeAsync());
    stack = made;
  }
  stack.defer(async () => {
    await undo();
  });
}
