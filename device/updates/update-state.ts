/** The states of an update, and which may follow which. Each is written down before it is acted on. */

export const STATES = [
  /** Nothing is under way. What was fetched of a release may wait for its source to come back. */
  'idle',
  /** The repository's metadata are read. */
  'checking',
  /** A release was admitted; its files are fetched. */
  'fetching',
  /** Its files are on the disk, checked against what was signed and against each other. */
  'verified',
  /** It is loaded beside the edition that serves. */
  'staged',
  /** It is measured on this box. */
  'trial',
  /** It serves. */
  'committed',
  /** The one before serves again. */
  'rolled-back',
] as const;
export type UpdateStateName = (typeof STATES)[number];

/** From each state: where it may go. To `idle` it may go from all: it was refused, was given up, or has ended. */
export const NEXT: Readonly<Record<UpdateStateName, readonly UpdateStateName[]>> = {
  idle: ['checking'],
  checking: ['fetching', 'idle'],
  fetching: ['verified', 'idle'],
  verified: ['staged', 'idle'],
  staged: ['trial', 'rolled-back', 'idle'],
  // Where its hours were over before the store was encoded by it, it waits for the next ones.
  trial: ['committed', 'rolled-back', 'verified', 'idle'],
  // For a probation it may still be rolled back.
  committed: ['rolled-back', 'idle'],
  'rolled-back': ['idle'],
};

/** Of one release there may be so many transitions; with the next it is abandoned, and remembered as bad. */
export const MOST_TRANSITIONS = 28;
