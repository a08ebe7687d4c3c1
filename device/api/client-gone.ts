/** Tells work that nobody waits for it any more. */
import type { FastifyReply } from 'fastify';

/** Why the work of a request was given up: the client hung up before there was an answer. */
export class ClientGone extends Error {
  constructor() {
    super('The client hung up before there was an answer.');
    this.name = 'ClientGone';
  }
}

/**
 * Aborts when the connection closes before the whole answer is sent. (The request's own signal aborts as soon as a body has been read.)
 */
export function whenGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const { raw } = reply;
  const closed = (): void => {
    if (!raw.writableFinished) controller.abort(new ClientGone());
  };
  if (raw.closed) closed();
  else raw.once('close', closed);
  return controller.signal;
}
