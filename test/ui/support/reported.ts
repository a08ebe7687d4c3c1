import type { TestContext } from 'node:test';

/** What the page reports to its browser during a test as faults of its own. */
export function reportedIn(t: TestContext): unknown[] {
  const reported: unknown[] = [];
  const before = Reflect.get(globalThis, 'reportError');
  Reflect.set(globalThis, 'reportError', (error: unknown) => reported.push(error));
  t.after(() => Reflect.set(globalThis, 'reportError', before));
  return reported;
}
