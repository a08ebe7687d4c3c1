/** What the daemon tells of by itself: garments that changed, another model that serves. */

/** Garments to look at again: these, or all where there are `more`. */
export interface StoreNews {
  readonly skus: readonly string[];
  readonly more: boolean;
  /** Another model or index serves. */
  readonly edition?: true;
}

/** What is needed of `EventSource`, which comes back by itself when the line was cut. */
export interface Source {
  addEventListener(type: string, heard: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

const ALL: StoreNews = { skus: [], more: true };

/** What an event says; all, where it says it in words this page does not know. */
export function newsOf(data: unknown): StoreNews {
  try {
    const { skus, more } = JSON.parse(String(data)) as Partial<StoreNews>;
    if (Array.isArray(skus) && skus.every(sku => typeof sku === 'string') && typeof more === 'boolean') {
      return { skus, more };
    }
  } catch {
    // Falls through: looking at all again is never wrong.
  }
  return ALL;
}

/**
 * Listens.
 * @param open opens the line, e.g. `address => new EventSource(address)`
 * @returns what ends it
 */
export function listenToStore(open: (address: string) => Source, heard: (news: StoreNews) => void): () => void {
  const source = open('/api/v1/events');
  source.addEventListener('inventory', ({ data }) => heard(newsOf(data)));
  source.addEventListener('edition', () => heard({ ...ALL, edition: true }));
  return () => source.close();
}
