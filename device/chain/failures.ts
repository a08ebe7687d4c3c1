/** What the codes of PostgreSQL, of TLS and of the operating system mean for whoever set the chain's catalogue up. */

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and Node's own names of what is wrong with a certificate. */
const SENTENCES: Readonly<Record<string, string>> = {
  '28P01': 'The password is not that user’s.',
  '28000': 'That user may not connect from here, or not in this way (with TLS, without, without a certificate).',
  '3D000': 'There is no such database.',
  '42501': 'The user may not do that: docs/chain.md lists what each needs.',
  '3F000': 'It has not been set up: npm run chain -- init.',
  '42P01': 'It has not been set up: npm run chain -- init.',
  '0A000': 'It has no pgvector: install it on the server, 0.8 or newer.',
  '58P01': 'It has no pgvector: install it on the server, 0.8 or newer.',
  '53100': 'Its disk is full.',
  '53300': 'It has no connection left for another.',
  '57014': 'It gave up the question at the time limit.',
  ECONNREFUSED: 'Nobody listens there.',
  ECONNRESET: 'It hung up.',
  EHOSTUNREACH: 'No way leads there.',
  ENETUNREACH: 'No way leads there.',
  ENOTFOUND: 'There is no such host.',
  EAI_AGAIN: 'Its host’s name cannot be looked up now.',
  ETIMEDOUT: 'It does not answer.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is signed by nobody that is trusted here: name the right ca.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'Its certificate is signed by nobody that is trusted here: name the right ca.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is signed by nobody that is trusted here: name the right ca.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is signed by nobody but itself: name it as ca, if it is the right one.',
  CERT_SIGNATURE_FAILURE: 'Its certificate is not signed by the ca that is named.',
  CERT_HAS_EXPIRED: 'Its certificate has expired.',
  CERT_NOT_YET_VALID: 'Its certificate is not valid yet, or this machine’s clock is wrong.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another host: give the name that it was made for as host.',
};

const isCode = (code: unknown): code is string => typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code);

/** The code of what a connection threw; undefined where it has none. Unlike a message it names no user and no host. */
export function failureCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return isCode(code) ? code : undefined;
}

/** A sentence about what a connection threw that repeats nothing of it; undefined where none is known. */
export const failureSentence = (error: unknown): string | undefined => SENTENCES[failureCode(error) ?? ''];
