/** The daemon's part in the staff's page. */
import type { Key, Pairing, Staff as StaffState } from '../../../device/api/access-schemas.ts';
import type { ErrorCode } from '../../../device/errors.ts';
import { ApiError } from '../../../ui/lib/api.ts';
import type { StaffAsked } from '../../../ui/lib/staff-api.ts';
import { FakeAsked } from './fake-asked.ts';
import { fakeGarmentsApi } from './fake-garments-api.ts';
import { NO_UPDATES } from './no-updates.ts';

export const KEY: Key = {
  id: '00aa',
  name: 'Till',
  scope: 'inventory',
  created: '2026-05-04T10:00:00Z',
  lastUsed: null,
  revoked: null,
};
export const OPEN: Pairing = { state: 'open', code: '12345678', scope: 'inventory', secondsLeft: 120, triesLeft: 5 };

export const refused = (code: ErrorCode): ApiError =>
  new ApiError({ type: '', title: '', status: 400, detail: code, code });

/** A daemon's part in it: what it answers can be set, and what it was asked is noted. */
export function fakeStaffApi() {
  const asked: string[] = [];
  const answers = {
    state: { pin: 'set', lockedSeconds: 0, certificate: null } as StaffState,
    pairing: OPEN,
    keys: [KEY],
    fails: new Map<string, Error>(),
    hasKey: false,
    /** How often it was asked which garments no dial finds. */
    looks: 0,
  };
  const answer = async <T>(call: string, value: T): Promise<T> => {
    asked.push(call);
    const error = answers.fails.get(call.split(' ')[0] ?? '');
    if (error !== undefined) throw error;
    return value;
  };
  const api: StaffAsked = {
    state: () => answer('state', answers.state),
    setPin: pin => answer(`setPin ${pin}`, undefined),
    enter: pin => answer(`enter ${pin}`, undefined),
    leave: () => answer('leave', undefined),
    startPairing: scope => answer(`startPairing ${scope}`, OPEN),
    pairing: () => answer('pairing', answers.pairing),
    stopPairing: () => answer('stopPairing', { state: 'none' } as const),
    keys: () => answer('keys', { keys: answers.keys }),
    revoke: id => answer(`revoke ${id}`, undefined),
    get hasKey() {
      return answers.hasKey;
    },
    redeem: async (code, name) => {
      await answer(`redeem ${code} ${name}`, undefined);
      answers.hasKey = true;
    },
    forgetKey: () => {
      answers.hasKey = false;
    },
    calls: async () => ({ calls: [] }),
    answerCall: () => Promise.reject(refused('call-not-found')),
    updates: async () => NO_UPDATES,
    checkForUpdates: () => Promise.reject(refused('updates-unset')),
    applyUpdate: () => Promise.reject(refused('updates-unset')),
    rollBackUpdate: () => Promise.reject(refused('updates-unset')),
    shop: new FakeAsked(),
    box: async () => ({ disk: { size: 1e12, free: 5e11 }, heat: { state: 'well' } }),
    unencoded: async () => {
      answers.looks += 1;
      return { count: 0, items: [] };
    },
    tryAgain: () => Promise.reject(refused('no-picture')),
    nameDial: () => Promise.reject(refused('model-changed')),
    ...fakeGarmentsApi(answer),
  };
  return { api, asked, answers };
}
