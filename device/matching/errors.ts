/** The errors of matching/: small, and known to nobody else. Callers branch on the class or on `reason`, never on text. */

/** A query or an argument that cannot be answered; the message is one sentence for a person. */
export class MatchingError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An encoder's answer that is no posterior. */
export class PosteriorError extends MatchingError {}

/** What an index file or a log of encodings was refused for. */
export type IndexReason =
  | 'magic'
  | 'version'
  | 'truncated'
  | 'length'
  | 'checksum'
  | 'encoder'
  | 'latent-dim'
  | 'layout'
  | 'content';

/** An index or log that cannot be used, or entries none can be made of: the message says what was got and expected. */
export class IndexError extends MatchingError {
  readonly reason: IndexReason;

  constructor(reason: IndexReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A stored map of the store that is none: it is made anew. */
export class MapError extends MatchingError {}
