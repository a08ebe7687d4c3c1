/** Shapes of the calls about keys, pairing, staff and the audit; times are RFC 3339 in UTC. */
import { type Static, Type } from 'typebox';
import { MAX_NAME } from '../access/keys.ts';
import { Count, pageFields, strict } from './schemas.ts';

const Scope = Type.Enum(['watch', 'inventory', 'admin']);
/** What staff can pair a device for. */
const PairedScope = Type.Enum(['inventory', 'admin']);
const Time = Type.String({ description: 'RFC 3339, UTC.' });
/** What a person can read: no control characters, no spaces around. */
const Name = Type.String({ minLength: 1, maxLength: MAX_NAME });
const Pin = Type.String({ minLength: 1, maxLength: 40 });

export const Key = Type.Object(
  {
    id: Type.String(),
    name: Name,
    scope: Scope,
    created: Time,
    /** To the hour. */
    lastUsed: Type.Union([Time, Type.Null()]),
    revoked: Type.Union([Time, Type.Null()]),
  },
  { ...strict, $id: 'Key', description: 'A program’s key, without its secret.' },
);

export const Keys = Type.Object({ keys: Type.Array(Key) }, { ...strict, $id: 'Keys', description: 'Every key.' });

export const KeyRequest = Type.Object(
  {
    /** As the screen shows it; spaces and hyphens are left out. */
    code: Type.String({ minLength: 1, maxLength: 20 }),
    /** What the program is called in the list of keys, e.g. `Till 2`. */
    name: Name,
  },
  { ...strict, $id: 'KeyRequest', description: 'The code on the screen, against a key.' },
);

export const NewKey = Type.Object(
  {
    key: Key,
    /** To be sent as `Authorization: Bearer TOKEN`. It is not kept on the box, and cannot be had again. */
    token: Type.String(),
  },
  { ...strict, $id: 'NewKey', description: 'A new key, and its secret.' },
);

export const PairingRequest = Type.Object(
  { scope: PairedScope },
  { ...strict, $id: 'PairingRequest', description: 'What the paired program will be able to do.' },
);

export const Pairing = Type.Object(
  {
    state: Type.Enum(['none', 'open', 'expired', 'spent', 'paired']),
    /** While it is open. */
    code: Type.Optional(Type.String()),
    scope: Type.Optional(PairedScope),
    secondsLeft: Type.Optional(Count),
    triesLeft: Type.Optional(Count),
    /** Once it is paired. */
    key: Type.Optional(Key),
  },
  { ...strict, $id: 'Pairing', description: 'The pairing under way, or how the last one ended.' },
);

export const Staff = Type.Object(
  {
    pin: Type.Enum(['unset', 'set']),
    /** 0 where a PIN can be tried. */
    lockedSeconds: Count,
    /** The certificate that tablets and tills see; null where TLS is off. */
    certificate: Type.Union([
      Type.Object({ fingerprint: Type.String(), validTo: Time, port: Count }, strict),
      Type.Null(),
    ]),
  },
  { ...strict, $id: 'Staff', description: 'What the screen must know before the PIN.' },
);

export const PinRequest = Type.Object(
  { pin: Pin },
  { ...strict, $id: 'PinRequest', description: 'A PIN: 6 to 12 digits.' },
);

export const StaffSession = Type.Object(
  {
    /** To be sent as `Authorization: Bearer TOKEN`, from the screen. */
    token: Type.String(),
    /** It ends when nothing was asked for so long. */
    idleSeconds: Count,
  },
  { ...strict, $id: 'StaffSession', description: 'A staff session at the screen.' },
);

export const AuditQuery = Type.Object(
  {
    limit: pageFields.limit,
    /** The `nextCursor` of the page before. */
    cursor: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  },
  strict,
);

export const Audit = Type.Object(
  {
    lines: Type.Array(
      Type.Object(
        {
          id: Count,
          at: Time,
          who: Type.Enum(['key', 'staff', 'screen', 'pairing', 'local']),
          /** Of the key. */
          keyId: Type.Union([Type.String(), Type.Null()]),
          keyName: Type.Union([Type.String(), Type.Null()]),
          address: Type.Union([Type.String(), Type.Null()]),
          what: Type.String(),
          subject: Type.Union([Type.String(), Type.Null()]),
          /** The answer's status; null where the box stopped before there was one. */
          outcome: Type.Union([Type.Integer(), Type.Null()]),
        },
        strict,
      ),
    ),
    nextCursor: Type.Optional(Count),
  },
  { ...strict, $id: 'Audit', description: 'The book of changes, the latest first.' },
);

export type Key = Static<typeof Key>;
export type Keys = Static<typeof Keys>;
export type NewKey = Static<typeof NewKey>;
export type Pairing = Static<typeof Pairing>;
export type Staff = Static<typeof Staff>;
export type StaffSession = Static<typeof StaffSession>;
export type Audit = Static<typeof Audit>;
