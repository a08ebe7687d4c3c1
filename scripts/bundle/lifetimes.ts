/** How long what is signed is good for, and when its renewal is due. */
import { daysLeft, type Role, type Signed } from './metadata.ts';

/** Days, each an option of the commands. */
export const LIFETIME_DAYS: Readonly<Record<Role, number>> = { root: 365, targets: 180, snapshot: 30, timestamp: 7 };

export type Lifetimes = Readonly<Record<Role, number>>;

/** A file is near its end when less than this share of its life is left: a root of a year at 73 days, targets of 180 days at 36. */
const NEAR = 0.2;
/** A snapshot is signed again sooner, as the timestamp beside it is good for a while as well. */
const SNAPSHOT_NEAR = 0.5;

export const isNear = (signed: Signed, role: Role, lifetimes: Lifetimes, now: Date): boolean =>
  daysLeft(signed, now) < lifetimes[role] * (role === 'snapshot' ? SNAPSHOT_NEAR : NEAR);

const RENEWAL: Readonly<Record<'root' | 'targets', string>> = {
  root: 'npm run bundle -- rotate root --renew, then sign and publish',
  targets: 'npm run bundle -- make, then sign and publish',
};

/** What to say of a file that a timer cannot renew; undefined while it is good for long. */
export function warningOf(
  signed: Signed,
  role: 'root' | 'targets',
  lifetimes: Lifetimes,
  now: Date,
): string | undefined {
  const left = daysLeft(signed, now);
  if (!isNear(signed, role, lifetimes, now)) return undefined;
  const day = signed.signed.expires.slice(0, 10);
  const file = `${signed.signed.version}.${role}.json`;
  return left <= 0
    ? `${file} expired on ${day}: no box takes an update until it is renewed. Do it now: ${RENEWAL[role]}.`
    : `${file} expires on ${day}, in ${Math.floor(left)} days; after that no box takes an update. Renew it: ${RENEWAL[role]}.`;
}
