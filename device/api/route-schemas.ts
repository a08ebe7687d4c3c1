/** Helpers that say in the OpenAPI document what a call answers. */
import { type Static, type TSchema, Type } from 'typebox';
import { ERRORS, type ErrorCode } from '../errors.ts';
import * as access from './access-schemas.ts';
import * as arrivals from './arrival-schemas.ts';
import * as calls from './call-schemas.ts';
import * as chain from './chain-schemas.ts';
import * as choice from './choice-schemas.ts';
import * as dialWords from './dial-word-schemas.ts';
import * as items from './item-schemas.ts';
import * as log from './log-schemas.ts';
import * as maps from './map-schemas.ts';
import * as match from './match-schemas.ts';
import * as model from './model-schemas.ts';
import { PROBLEM_TYPE } from './problems.ts';
import { Problem, Size } from './schemas.ts';
import * as screens from './screen-schemas.ts';
import * as stock from './stock-schemas.ts';
import * as unencoded from './unencoded-schemas.ts';
import * as updates from './update-schemas.ts';

/** Schemas that have a name of their own in the document, and are referred to by it. */
const NAMED = {
  StaffWords: dialWords.StaffWords,
  DialWordsRequest: dialWords.DialWordsRequest,
  DialWordsAnswer: dialWords.DialWordsAnswer,
  Dial: model.Dial,
  Model: model.Model,
  Filter: match.Filter,
  PointRequest: match.PointRequest,
  DialRequest: match.DialRequest,
  MatchRequest: match.MatchRequest,
  Size,
  Match: match.Match,
  Typicality: match.Typicality,
  MatchAnswer: match.MatchAnswer,
  ChainStore: chain.ChainStore,
  ChainMatch: chain.ChainMatch,
  ChainAnswer: chain.ChainAnswer,
  HoldRequest: chain.HoldRequest,
  Hold: chain.Hold,
  Holds: chain.Holds,
  Encoded: arrivals.Encoded,
  CutOut: arrivals.CutOut,
  Arrived: arrivals.Arrived,
  Item: items.Item,
  Items: items.Items,
  Unencoded: unencoded.Unencoded,
  Posterior: items.Posterior,
  Similar: items.Similar,
  Styles: match.Styles,
  MapRequest: maps.MapRequest,
  StoreMap: maps.StoreMapAnswer,
  Surprise: match.Surprise,
  SurpriseRequest: choice.SurpriseRequest,
  FacetsRequest: choice.FacetsRequest,
  Facets: choice.Facets,
  GoesWithRequest: choice.GoesWithRequest,
  GoesWith: choice.GoesWith,
  StockUpdate: stock.StockUpdate,
  StockBatch: stock.StockBatch,
  Stock: stock.Stock,
  StockBatchAnswer: stock.StockBatchAnswer,
  ItemWrite: items.ItemWrite,
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
  Log: log.Log,
  LogRequest: log.LogRequest,
  CallRequest: calls.CallRequest,
  Call: calls.Call,
  Calls: calls.Calls,
  Page: calls.Page,
  Screen: screens.Screen,
  Problem,
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
const ANYWHERE: readonly ErrorCode[] = [
  'invalid-request',
  'host-not-allowed',
  'too-many-requests',
  'internal',
  'store-invalid',
];
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
