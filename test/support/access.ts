/** An access file for tests, over a clock that goes when it is told to. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Access, type AccessOptions, type Doing } from '../../device/access/access.ts';
import { ACCESS_DATABASE } from '../../device/access/access-database.ts';
import type { Scope } from '../../device/access/who.ts';
import { afterwards } from './afterwards.ts';
import { HandSetClock } from './hand-set-clock.ts';

export const PIN = '271828';
export const OTHER_PIN = '314159';
/** scrypt at a cost that tests can afford. */
export const PIN_COST = 2 ** 10;
export const LOCALLY: Doing = { who: { kind: 'local' }, address: null, what: 'keys create' };

export function testAccess(
  t: TestContext,
  { path = ':memory:', ...options }: AccessOptions & { path?: string } = {},
): { access: Access; clock: HandSetClock } {
  const clock = new HandSetClock();
  const access = Access.open(path, { clock, pinCost: PIN_COST, ...options });
  afterwards(t, () => access.close());
  return { access, clock };
}

/** Headers of a request by a program that was given a key of this scope. */
export const keyHeaders = (access: Access, scope: Scope): Record<string, string> => ({
  authorization: `Bearer ${access.createKey(`a test’s ${scope}`, scope, LOCALLY).token}`,
});

/** The same, of a state folder that no daemon has opened. */
export function storeKey(data: string, scope: Scope): Record<string, string> {
  const access = Access.open(join(data, ACCESS_DATABASE));
  try {
    return keyHeaders(access, scope);
  } finally {
    access.close();
  }
}
