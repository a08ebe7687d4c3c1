/** `GET /api/v1/events`: what happens on the box, as server-sent events (https://html.spec.whatwg.org/#server-sent-events). */
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { LookdialError } from '../errors.ts';
import type { BoxEvent, EventHub } from '../events.ts';
import { bytes, failures } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

/** A comment this often tells both ends that the line is open, milliseconds. */
const BEAT_MS = 15_000;
/** How soon a client that was cut off comes back, milliseconds. */
const RETRY_MS = 2_000;
/** What may wait for a client that does not read; beyond it the client is let go, bytes. */
const MOST_UNREAD = 64 * 1024;

/** Everyone who listens. */
class Listeners {
  readonly #events: EventHub;
  readonly #most: number;
  readonly #streams = new Set<PassThrough>();
  /** Numbers of events begin anew with the daemon: this tells one daemon's from another's. */
  readonly #start = randomBytes(4).toString('hex');
  readonly #stop: () => void;
  readonly #beat: NodeJS.Timeout;
  /** How the box was when it said so last. */
  #health: BoxEvent | undefined;

  constructor(events: EventHub, most: number) {
    this.#events = events;
    this.#most = most;
    this.#stop = events.listen((event, id) => {
      if (event.type === 'health') this.#health = event;
      this.#send(this.#text(event, id));
    });
    this.#beat = setInterval(() => this.#send(': still here\n\n'), BEAT_MS).unref();
  }

  get count(): number {
    return this.#streams.size;
  }

  /**
   * @param last the id of the last event that the client has seen, as it says; it is told to look again where there were others
   * @throws LookdialError `busy`
   */
  open(last: string | undefined): PassThrough {
    if (this.#streams.size >= this.#most) {
      throw new LookdialError(
        'busy',
        `${this.#most} clients listen already; the setting eventListeners allows no more.`,
      );
    }
    const stream = new PassThrough();
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    // A client that goes away in the middle of a line is no fault.
    stream.on('error', () => undefined);
    const now = this.#events.lastId;
    const missed = last !== undefined && last !== this.#idOf(now);
    const look: BoxEvent = { type: 'inventory', data: { skus: [], more: true } };
    stream.write(`retry: ${RETRY_MS}\nid: ${this.#idOf(now)}\n: listening\n\n`);
    if (missed) stream.write(this.#text(look, now));
    if (this.#health !== undefined) stream.write(this.#text(this.#health, now));
    return stream;
  }

  /** Ends every stream. */
  close(): void {
    clearInterval(this.#beat);
    this.#stop();
    for (const stream of this.#streams) stream.end();
  }

  #idOf(id: number): string {
    return `${this.#start}-${id}`;
  }

  #text({ type, data }: BoxEvent, id: number): string {
    return `id: ${this.#idOf(id)}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #send(text: string): void {
    for (const stream of this.#streams) {
      if (stream.writableLength + stream.readableLength > MOST_UNREAD) stream.destroy(new Error('It does not read.'));
      else stream.write(text);
    }
  }
}

/** @returns how many listen */
export function eventRoutes(app: Api, { events, config }: Services): () => number {
  const listeners = new Listeners(events, config.eventListeners);
  app.addHook('preClose', async () => listeners.close());
  app.get(
    '/api/v1/events',
    {
      schema: {
        operationId: 'events',
        summary: 'What happens on the box, as server-sent events',
        description:
          '`inventory` {skus, more}: garments have changed; look again at these, or at all where `more`. `edition` {edition}: another model or index serves. `dials` {encoder}: staff have named a dial of the model with that encoder. ' +
          '`hold`: a garment that another store is asked to hold. `call` {id, place, at, answeredAt}: a screen calls for somebody of the team, or was answered. `update` {state, release, what, done, total}: an update of the model goes on. `health` {state, picturesPerSecond}: how many pictures a second a drag should ask for at most, null for as many as it likes; told first to whoever comes while it holds. A client that says with Last-Event-ID that it has missed something is told to look at all again.',
        response: { 200: bytes('The events, as they come.', 'text/event-stream'), ...failures('busy') },
      },
    },
    async (request, reply) => {
      const last = request.headers['last-event-id'];
      const stream = listeners.open(typeof last === 'string' ? last : undefined);
      return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
    },
  );
  return () => listeners.count;
}
