/** Staff at a test daemon's screen, and a program that pairs with it. */
import assert from 'node:assert/strict';
import type { NewKey, Pairing, StaffSession } from '../../device/api/access-schemas.ts';
import { LOCALLY, PIN } from './access.ts';
import type { TestDaemon } from './daemon.ts';

export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

/** Sets the PIN where there is none, and enters it. @returns the session's token */
export async function enter(daemon: TestDaemon, pin = PIN): Promise<string> {
  if (daemon.access.pin.version === 0) {
    await daemon.access.setPin(pin, { replacing: false, doing: { ...LOCALLY, what: 'keys pin' } });
  }
  const answer = await daemon.post('/api/v1/staff/session', { pin });
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json<StaffSession>().token;
}

/** Lets the screen show a code. */
export async function startPairing(daemon: TestDaemon, staff: string, scope = 'inventory'): Promise<string> {
  const answer = await daemon.post('/api/v1/pairings', { scope }, bearer(staff));
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json<Pairing>().code!;
}

/** A key as a program gets it. */
export async function pair(daemon: TestDaemon, scope: 'inventory' | 'admin', name = 'Till'): Promise<NewKey> {
  const code = await startPairing(daemon, await enter(daemon), scope);
  const answer = await daemon.post('/api/v1/keys', { code, name });
  assert.equal(answer.statusCode, 201, answer.body);
  return answer.json<NewKey>();
}
