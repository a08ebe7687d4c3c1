/** Every error as an RFC 9457 problem with a stable code, whoever threw it: a handler, the validator, Fastify or Node. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  ERRORS,
  type ErrorCode,
  isDatabaseDamaged,
  isDiskFull,
  isDiskReadOnly,
  isWriteRefused,
  LookdialError,
} from '../errors.ts';
import { asTypedHere } from '../own-command.ts';
import { ClientGone } from './client-gone.ts';
import type { Problem } from './schemas.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** The body of an error's answer. */
export const problem = (error: LookdialError): Problem => ({
  type: `urn:lookdial:error:${error.code}`,
  title: ERRORS[error.code].title,
  status: error.status,
  detail: asTypedHere(error.message),
  code: error.code,
  ...(error.field === undefined ? {} : { field: error.field }),
});

/** What Fastify refuses by itself, by its code: our code, and what to do. */
const REFUSED: Record<string, readonly [ErrorCode, string, string?]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'Send a smaller body; docs/settings.md names the limit for pictures.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid-request', 'The body is not JSON (NaN and Infinity are not).'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid-request', 'The body is empty, and must be a JSON object.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid-request', 'The body has not the length that its header says.'],
  FST_ERR_BAD_URL: ['invalid-request', 'The address is not one: a % must be followed by two hexadecimal digits.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not-found', 'A part of the address is longer than anything here is named.'],
  FST_ERR_HANDLER_TIMEOUT: ['busy', 'The answer took too long. Ask again.'],
};

/** The error as one of ours; what nobody foresaw is `internal`, and says nothing of the inside. */
export function asLookdialError(error: unknown, request: Pick<FastifyRequest, 'id' | 'headers'>): LookdialError {
  // Whatever was being written, and whoever says so.
  if (isDiskFull(error)) {
    return new LookdialError('disk-full', 'There is no room to write it. Free some space, and send it again.', {
      cause: error,
    });
  }
  if (isDiskReadOnly(error)) {
    const what = 'The box’s disk can only be read. On the box, npm run doctor -- disk says what to do.';
    return new LookdialError('write-failed', what, { cause: error });
  }
  if (isWriteRefused(error)) {
    const what = 'The box’s disk did not take it. On the box, npm run doctor -- disk says what to do.';
    return new LookdialError('write-failed', what, { cause: error });
  }
  if (error instanceof LookdialError) return error;
  if (isDatabaseDamaged(error)) {
    const what =
      'A database of this box is damaged. On the box, npm run doctor -- databases says which, and what to do.';
    return new LookdialError('store-invalid', what, { cause: error });
  }
  const { code, statusCode, message } = (error ?? {}) as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const type = request.headers['content-type'] ?? 'nothing';
    return new LookdialError('unsupported-media-type', `The body is said to be ${type.slice(0, 100)}.`, {
      field: 'content-type',
      cause: error,
    });
  }
  const refused = REFUSED[code ?? ''];
  if (refused !== undefined) return new LookdialError(refused[0], refused[1], { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new LookdialError('invalid-request', message ?? ERRORS['invalid-request'].title, { cause: error });
  }
  return new LookdialError(
    'internal',
    `The box could not answer; its log has the reason under request ${request.id}.`,
    { cause: error },
  );
}

/** Said in the log once when it begins and once when it ends, not by every question that is turned away. */
const TOLD_ELSEWHERE: ReadonlySet<ErrorCode> = new Set(['chain-unavailable']);

/**
 * Answers with the error, and logs what is the box's own fault.
 * @returns its code; undefined where there was nobody to answer
 */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): ErrorCode | undefined {
  if (thrown instanceof ClientGone) {
    // There is nobody to answer.
    reply.hijack();
    return undefined;
  }
  const error = asLookdialError(thrown, request);
  if (error.status >= 500 && !TOLD_ELSEWHERE.has(error.code)) request.log.error({ err: thrown }, error.message);
  const retryAfter = error.retryAfter ?? (error.status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  reply.code(error.status).header('cache-control', 'no-store').type(PROBLEM_TYPE).send(problem(error));
  return error.code;
}
