/** Helpers that say in the OpenAPI document what a call answers. */
import { type Static, type TSchema, Type } from 'typebox';
import { ERRORS, type ErrorCode } from '../errors.ts';
import * as access from './access-schemas.ts';
import * as chain from './chain-schemas.ts';
import * as choice from './choice-schemas.ts';
import { PROBLEM_TYPE } from './problems.ts';
import * as schemas from './schemas.ts';
import * as updates from './update-schemas.ts';

/** Schemas that have a name of their own in the document, and are referred to by it. */
const NAMED = {
  Dial: schemas.Dial,
  Model: schemas.Model,
  Filter: schemas.Filter,
  PointRequest: schemas.PointRequest,
  DialRequest: schemas.DialRequest,
  MatchRequest: schemas.MatchRequest,
  Size: schemas.Size,
  Match: schemas.Match,
  Typicality: schemas.Typicality,
  MatchAnswer: schemas.MatchAnswer,
  ChainStore: chain.ChainStore,
  ChainMatch: chain.ChainMatch,
  ChainAnswer: chain.ChainAnswer,
  HoldRequest: chain.HoldRequest,
  Hold: chain.Hold,
  Holds: chain.Holds,
  Encoded: schemas.Encoded,
  CutOut: schemas.CutOut,
  Arrived: schemas.Arrived,
  Item: schemas.Item,
  Items: schemas.Items,
  Posterior: schemas.Posterior,
  Similar: schemas.Similar,
  Styles: schemas.Styles,
  Surprise: schemas.Surprise,
  SurpriseRequest: choice.SurpriseRequest,
  FacetsRequest: choice.FacetsRequest,
  Facets: choice.Facets,
  GoesWithRequest: choice.GoesWithRequest,
  GoesWith: choice.GoesWith,
  StockUpdate: schemas.StockUpdate,
  StockBatch: schemas.StockBatch,
  Stock: schemas.Stock,
  StockBatchAnswer: schemas.StockBatchAnswer,
  ItemWrite: schemas.ItemWrite,
  Key: access.Key,
  Keys: access.Keys,
  KeyRequest: access.KeyRequest,
  NewKey: access.NewKey,
  PairingRequest: access.PairingRequest,
  Pairing: access.Pairing,
  Staff: access.Staff,
  PinRequest: access.PinRequest,
  StaffSession: access.StaffSession,
  Audit: access.Audit,
  UpdateRelease: updates.UpdateRelease,
  Updates: updates.Updates,
  Problem: schemas.Problem,
} as const satisfies Record<string, TSchema>;

export const NAMED_SCHEMAS: readonly TSchema[] = Object.values(NAMED);

/** A reference to a named schema, of that schema's type. */
export const named = <K extends keyof typeof NAMED>(name: K): Type.TUnsafe<Static<(typeof NAMED)[K]>> =>
  Type.Unsafe<Static<(typeof NAMED)[K]>>({ $ref: `${name}#` });

interface ErrorResponse {
  readonly description: string;
  readonly content: Record<string, { schema: object }>;
}

/** What anybody can meet anywhere: a host or an address that is not right, too many requests, a fault of the box. */
const ANYWHERE: readonly ErrorCode[] = ['invalid-request', 'host-not-allowed', 'too-many-requests', 'internal'];
/** What a body can meet. */
const WITH_BODY: readonly ErrorCode[] = ['origin-not-allowed', 'body-too-large', 'unsupported-media-type'];

const sentence = (code: ErrorCode): string => `\`${code}\`: ${ERRORS[code].title}`;

/** Error answers with these codes beside those that `response` has; several codes may share a status. */
export function moreFailures(response: object, ...codes: ErrorCode[]): Record<number, ErrorResponse> {
  const answers: Record<number, ErrorResponse> = { ...response };
  for (const code of codes) {
    const { status } = ERRORS[code];
    const described = answers[status]?.description;
    if (described?.includes(sentence(code))) continue;
    answers[status] = {
      description: described === undefined ? sentence(code) : `${described} ${sentence(code)}`,
      content: { [PROBLEM_TYPE]: { schema: named('Problem') } },
    };
  }
  return answers;
}

/** The error answers of a call by status. */
export const failures = (...codes: ErrorCode[]): Record<number, ErrorResponse> =>
  moreFailures({}, ...ANYWHERE, ...codes);

/** The same for a call that takes a body. */
export const bodyFailures = (...codes: ErrorCode[]): Record<number, ErrorResponse> => failures(...WITH_BODY, ...codes);

/** An answer that is bytes. */
export const bytes = (description: string, ...types: string[]): { description: string; content: object } => ({
  description,
  content: Object.fromEntries(types.map(type => [type, { schema: { type: 'string', format: 'binary' } }])),
});
