/** Why a box does not take an update: every reason, and whether somebody should look at it. docs/updates.md explains each; a test ties the two. */

/**
 * `alarm`: something is wrong that does not go by itself, or somebody tampers. The others are the ordinary course of things: no
 * network, a release for other boxes.
 */
export const REFUSALS = {
  'source-unreachable': { alarm: false, title: 'The repository cannot be reached.' },
  'source-slow': { alarm: true, title: 'The repository sends too slowly.' },
  'source-incomplete': { alarm: true, title: 'The repository lacks a file that it should have.' },
  'source-misbehaves': { alarm: true, title: 'The repository sends something else than what it was asked for.' },
  'root-unusable': { alarm: true, title: 'The root of trust that came with the box cannot be used.' },
  'metadata-invalid': { alarm: true, title: 'The repository’s metadata cannot be read.' },
  'metadata-unsigned': {
    alarm: true,
    title: 'The repository’s metadata is not signed by enough of the keys that may sign it.',
  },
  'metadata-expired': { alarm: true, title: 'The repository’s metadata has expired.' },
  'metadata-behind': { alarm: true, title: 'The repository is behind what this box has seen of it.' },
  'metadata-mismatch': { alarm: true, title: 'The repository’s metadata do not belong together.' },
  'no-release': { alarm: false, title: 'The repository has no release.' },
  'release-invalid': { alarm: true, title: 'The release is not one to be used.' },
  'release-behind': { alarm: true, title: 'The release is older than the one in use.' },
  'release-bad': { alarm: false, title: 'The release was tried on this box before, and was found bad.' },
  'other-line': { alarm: true, title: 'The release is of another line of models than this box’s.' },
  'hardware-unsupported': { alarm: false, title: 'The release is for other hardware.' },
  'runtime-unsupported': { alarm: false, title: 'The release is for other versions of ONNX Runtime.' },
  'index-unsupported': { alarm: false, title: 'The release is for another version of the index file.' },
  'latent-unsupported': { alarm: false, title: 'The release’s latent space is larger than this box takes.' },
  'not-in-rollout': { alarm: false, title: 'It is not yet this box’s turn.' },
  'no-space': { alarm: true, title: 'The data disk has too little room.' },
  'wrong-length': { alarm: true, title: 'A file of the release is not of the length that was signed.' },
  'wrong-hash': { alarm: true, title: 'A file of the release is not the one that was signed.' },
  'members-disagree': { alarm: true, title: 'The release’s files do not belong together.' },
  'write-failed': { alarm: true, title: 'The data disk did not take a file.' },
  abandoned: { alarm: true, title: 'The update went round in circles, and was given up.' },
  failed: { alarm: true, title: 'Something went wrong on this box while it looked for updates.' },
  'under-way': { alarm: false, title: 'Another update is under way.' },
} as const satisfies Record<string, { alarm: boolean; title: string }>;

export type RefusalReason = keyof typeof REFUSALS;

/** The box does not take it. `message` says what happened, to which thing, and what to do next; callers branch on `reason`. */
export class UpdateRefused extends Error {
  readonly reason: RefusalReason;
  /** Seconds after which the source says that it is worth asking again. */
  readonly retryAfter: number | undefined;

  constructor(
    reason: RefusalReason,
    message: string,
    options: { cause?: unknown; retryAfter?: number | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UpdateRefused';
    this.reason = reason;
    this.retryAfter = options.retryAfter;
  }

  get alarm(): boolean {
    return REFUSALS[this.reason].alarm;
  }
}
