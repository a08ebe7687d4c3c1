/** Shapes of updates of the model. */
import { type Static, Type } from 'typebox';
import { STATES } from '../updates/update-state.ts';
import { Count, orNull, strict } from './schemas.ts';

const Time = Type.String();

export const UpdateRelease = Type.Object(
  {
    /** Rises with each release of the repository. */
    release: Type.Integer({ minimum: 1 }),
    id: Type.String(),
    version: Type.String(),
    /** `bad`: it failed on this box, or was taken back, and is not tried again. Null while neither is known. */
    verdict: orNull(Type.Enum(['committed', 'bad'])),
    /** Why it is bad. */
    reason: orNull(Type.String()),
    firstSeen: Time,
    changed: Time,
  },
  { ...strict, $id: 'UpdateRelease', description: 'A release that this box has met.' },
);

/** By its name: it stands in more than one place. */
const release = Type.Unsafe<Static<typeof UpdateRelease>>({ $ref: 'UpdateRelease#' });

export const Updates = Type.Object(
  {
    /** Where they come from; null: this box takes none. */
    source: orNull(Type.String()),
    state: Type.Enum([...STATES]),
    since: Time,
    /** What is under way; in `committed` it serves, and is watched. */
    release: orNull(release),
    /** Bytes fetched, or pictures encoded by the new model. */
    progress: orNull(Type.Object({ what: Type.Enum(['fetching', 'encoding']), done: Count, total: Count }, strict)),
    /** What the release that is here waits for: the hours in which it is gone over to, by the box's clock. Null where none waits. */
    waitsFor: orNull(
      Type.Object(
        {
          from: Type.String(),
          to: Type.String(),
          /** Whether the store is encoded by it already. */
          encoded: Type.Boolean(),
        },
        strict,
      ),
    ),
    /** What serves; null: the model that came with the program. */
    current: orNull(release),
    canRollBack: Type.Boolean(),
    lastCheck: orNull(
      Type.Object(
        {
          at: Time,
          outcome: Type.Enum(['up-to-date', 'verified', 'refused', 'cancelled']),
          message: orNull(Type.String()),
          /** Whether somebody should look at it. */
          alarm: Type.Boolean(),
        },
        strict,
      ),
    ),
    /** Why the last change of model did not happen; null where it did, or none was tried since the start. */
    failure: orNull(Type.String()),
    /** SKUs of the pictures that the newest model does not take, 200 at most. */
    failedPictures: Type.Array(Type.String()),
    /** The newest first, 50 at most. */
    history: Type.Array(release),
  },
  { ...strict, $id: 'Updates', description: 'Updates of the model.' },
);

export type UpdatesAnswer = Static<typeof Updates>;
