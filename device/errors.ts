/**
 * Every error the daemon can answer with: its stable code, its sentence, and its HTTP status.
 * Callers branch on `code`, never on text. docs/errors.md and the kiosk's texts list the same codes; a test ties the three together.
 */
export const ERRORS = {
  'not-found': { status: 404, title: 'There is nothing at this address.' },
  'item-not-found': { status: 404, title: 'No garment in this store has that SKU.' },
  'no-picture': { status: 404, title: 'The garment has no picture.' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method.' },
  'not-acceptable': {
    status: 406,
    title: 'The picture can be had as image/png, image/webp or application/octet-stream.',
  },
  'invalid-request': { status: 400, title: 'The request is not what this call takes.' },
  'invalid-point': { status: 400, title: 'The dialled point is not one this model has.' },
  'body-too-large': { status: 413, title: 'The body is larger than this call takes.' },
  'unsupported-media-type': { status: 415, title: 'The body is not of a type this call takes.' },
  'picture-unreadable': { status: 422, title: 'The picture cannot be read.' },
  'picture-too-large': { status: 422, title: 'The picture has more pixels than this box takes.' },
  'item-not-encoded': { status: 409, title: 'The garment has no encoding yet.' },
  superseded: { status: 409, title: 'The same screen has asked again since.' },
  'host-not-allowed': { status: 421, title: 'This box does not answer to that host name.' },
  'origin-not-allowed': { status: 403, title: 'Pages of that origin may not change anything here.' },
  'no-match-allowed': { status: 404, title: 'No garment passes the filters.' },
  'loopback-only': { status: 403, title: 'This address answers only to programs on the box itself.' },
  'key-required': { status: 401, title: 'This call needs a key.' },
  'key-refused': { status: 401, title: 'The key is not one that this box gave, or it was taken back.' },
  'scope-missing': { status: 403, title: 'The key may not do that.' },
  'staff-only': { status: 403, title: 'Only staff at the screen, after the PIN, may do that.' },
  'key-not-found': { status: 404, title: 'There is no such key.' },
  'too-many-keys': { status: 409, title: 'There are as many keys as this box takes.' },
  'pin-unset': { status: 409, title: 'There is no PIN yet.' },
  'pin-set': { status: 409, title: 'There is a PIN already.' },
  'pin-wrong': { status: 403, title: 'That is not the PIN.' },
  'pin-locked': { status: 429, title: 'The PIN is locked after too many wrong tries.' },
  'code-wrong': { status: 403, title: 'That is not the code on the screen.' },
  'pairing-closed': { status: 409, title: 'No pairing is under way.' },
  'too-many-requests': { status: 429, title: 'These are more requests than one address may send.' },
  'idempotency-conflict': { status: 409, title: 'Another request was known by the same key or number.' },
  'sequence-mismatch': { status: 409, title: 'The order is not the next one of its source.' },
  'request-timeout': { status: 408, title: 'The request did not arrive in time.' },
  'headers-too-large': { status: 431, title: 'The request’s headers are larger than this box takes.' },
  'no-garment-found': { status: 422, title: 'No garment was found in the photograph.' },
  'cutout-not-found': { status: 404, title: 'There is no such cut-out, or it was kept for its time and let go.' },
  'indexing-under-way': { status: 503, title: 'Another program is writing this store’s index.' },
  'write-failed': { status: 507, title: 'The box’s disk did not take the change.' },
  'access-unavailable': { status: 503, title: 'Keys cannot be checked, or changes not written down, just now.' },
  busy: { status: 503, title: 'The box has as much work waiting as it takes.' },
  'no-map': { status: 404, title: 'The map of the store is not drawn yet.' },
  'not-ready': { status: 503, title: 'The model is not ready yet.' },
  'inference-failed': { status: 503, title: 'The model did not answer.' },
  'bundle-invalid': { status: 500, title: 'The model bundle is not what its manifest says.' },
  'release-invalid': { status: 502, title: 'The release that was fetched is not one to be used.' },
  'updates-invalid': { status: 500, title: 'The file of updates cannot be used.' },
  'index-invalid': { status: 500, title: 'The index file cannot be used.' },
  'disk-full': { status: 507, title: 'The box’s disk is full: nothing was changed.' },
  'store-invalid': { status: 500, title: 'The store cannot be read.' },
  'access-invalid': { status: 500, title: 'The file of keys cannot be used.' },
  'config-invalid': { status: 500, title: 'A setting is wrong.' },
  'chain-unset': { status: 409, title: 'This box knows of no chain.' },
  'chain-unavailable': { status: 503, title: 'The chain’s catalogue does not answer just now.' },
  'hold-gone': { status: 409, title: 'That store has none of the garment any more.' },
  'updates-unset': { status: 409, title: 'This box takes no updates.' },
  'no-update': { status: 409, title: 'There is no other model to go over to.' },
  'update-failed': { status: 502, title: 'The other model could not be gone over to: the one that served serves on.' },
  'model-changed': { status: 409, title: 'Another model serves by now: its dials are others.' },
  'words-changed': { status: 409, title: 'The dial is called otherwise by now.' },
  'call-not-found': { status: 404, title: 'There is no such call, or it is over.' },
  internal: { status: 500, title: 'Something went wrong on this box.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error somebody can act on: `message` says what happened, to which thing, and what to do next. */
export class LookdialError extends Error {
  readonly code: ErrorCode;
  /** What is wrong: a field of the body such as `dials[3]`, a parameter's, a header's or a setting's name. */
  readonly field: string | undefined;
  /** Seconds after which asking again is worth while, where that is known. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; field?: string; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'LookdialError';
    this.code = code;
    this.field = options.field;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** What somebody is told of whatever was thrown. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What the operating system, and SQLite (https://sqlite.org/rescode.html), say where there is no room left. */
const FULL_CODES: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
const SQLITE_FULL = 13;
/** SQLite could not make room for what processes share of its log: 32 KiB. */
const SQLITE_IOERR_SHMSIZE = 4874;
/** Errors are caused by errors; so many are looked through. */
const MAX_CAUSES = 8;

/** What SQLite says of a file whose pages are not what they should be, and of one that is none. */
const SQLITE_DAMAGED: readonly number[] = [11, 26];
const SQLITE_READONLY = 8;
/** A disk that did not take a write, a flush, a cut or a removal: IOERR_WRITE, _FSYNC, _DIR_FSYNC, _TRUNCATE, _DELETE. SQLite says no more of why. */
const SQLITE_WRITE_REFUSED: readonly unknown[] = [778, 1034, 1290, 1546, 2570];

type Failed = Error & { readonly code?: unknown; readonly errcode?: unknown };

/** Whether that is so of the error, or of one that caused it. */
function isCausedBy(error: unknown, isSo: (failed: Failed) => boolean): boolean {
  let found = error;
  for (let depth = 0; depth < MAX_CAUSES && found instanceof Error; depth += 1) {
    if (isSo(found)) return true;
    found = found.cause;
  }
  return false;
}

/** The result code that an extended one of SQLite's is of. */
const resultOf = ({ errcode }: Failed): number => (typeof errcode === 'number' ? errcode % 256 : 0);

/** Whether something failed because the disk is full; its causes are asked too. */
export const isDiskFull = (error: unknown): boolean =>
  isCausedBy(
    error,
    ({ code, errcode }) => FULL_CODES.includes(code) || errcode === SQLITE_FULL || errcode === SQLITE_IOERR_SHMSIZE,
  );

/** Whether something failed because the disk can only be read; its causes are asked too. */
export const isDiskReadOnly = (error: unknown): boolean =>
  isCausedBy(error, failed => failed.code === 'EROFS' || resultOf(failed) === SQLITE_READONLY);

/** Whether something failed because the disk did not take it, whyever: SQLite does not say; its causes are asked too. */
export const isWriteRefused = (error: unknown): boolean =>
  isCausedBy(error, ({ errcode }) => SQLITE_WRITE_REFUSED.includes(errcode));

/** Whether something failed because a database is damaged; its causes are asked too. */
export const isDatabaseDamaged = (error: unknown): boolean =>
  isCausedBy(error, failed => SQLITE_DAMAGED.includes(resultOf(failed)));
