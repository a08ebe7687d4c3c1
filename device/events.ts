/** What happens on the box, told to every screen and integrator that listens. Nothing here is about a shopper. */

/** An event as it is sent: `type` says what happened, `data` is its JSON. */
export type BoxEvent =
  | {
      /** Garments came, went, or changed: look again at these, or at all where there are more than are named. */
      readonly type: 'inventory';
      readonly data: { readonly skus: readonly string[]; readonly more: boolean };
    }
  | {
      /** A shopper would like another store of the chain to hold a garment; `code` is what both know it by. */
      readonly type: 'hold';
      readonly data: {
        readonly code: string;
        readonly sku: string;
        readonly title: string;
        readonly size: string | null;
        readonly store: string;
        readonly storeName: string;
        readonly from: string;
        readonly at: string;
      };
    }
  | {
      /** Somebody at a screen calls for somebody of the team, or was answered. */
      readonly type: 'call';
      readonly data: {
        readonly id: string;
        readonly place: string | null;
        readonly at: string;
        readonly answeredAt: string | null;
      };
    }
  | { readonly type: 'edition'; readonly data: { readonly edition: string } }
  | {
      /** Staff have named a dial of the model with this encoder. */
      readonly type: 'dials';
      readonly data: { readonly encoder: string };
    }
  | {
      /** An update of the model goes on: `done` of `total` bytes are fetched, or pictures encoded. */
      readonly type: 'update';
      readonly data: {
        readonly state: string;
        readonly release: number | null;
        readonly what: 'fetching' | 'encoding' | null;
        readonly done: number | null;
        readonly total: number | null;
      };
    }
  | {
      /** The box is well, hot, or slowed down by its heat: a drag should ask for no more pictures a second; null for as many as it likes. */
      readonly type: 'health';
      readonly data: { readonly state: 'well' | 'hot' | 'throttled'; readonly picturesPerSecond: number | null };
    };

type Listener = (event: BoxEvent, id: number) => void;

/** Hands each event to everyone who listens, in order; a listener that throws does not keep it from the others. */
export class EventHub {
  readonly #listeners = new Set<Listener>();
  readonly #failed: (error: unknown) => void;
  #id = 0;

  /** @param failed told of what a listener threw */
  constructor(failed: (error: unknown) => void = () => undefined) {
    this.#failed = failed;
  }

  /** The number of the newest event; they count up by one from 1 since the daemon started. */
  get lastId(): number {
    return this.#id;
  }

  /** @returns a function that ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(event: BoxEvent): void {
    this.#id += 1;
    for (const listener of this.#listeners) {
      try {
        listener(event, this.#id);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
