/** What the daemon tells of by itself: garments that changed, another model that serves, a box that grows hot. */

import type { Call } from '../../device/api/call-schemas.ts';

/** Garments to look at again: these, or all where there are `more`. */
export interface StoreNews {
  readonly skus: readonly string[];
  readonly more: boolean;
  /** Another model or index serves, or its dials are called otherwise. */
  readonly edition?: true;
}

/** What is needed of `EventSource`, which comes back by itself when the line was cut. */
export interface Source {
  addEventListener(type: string, heard: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

/** Whether any of these garments may be another than it was. */
export const isAbout = ({ skus, more }: StoreNews, garments: readonly { readonly sku: string }[]): boolean =>
  more || garments.some(({ sku }) => skus.includes(sku));

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

/** Most pictures a second that a drag may ask for; null, as many as it likes, where the daemon says it in words this page does not know. */
export function rateOf(data: unknown): number | null {
  try {
    const { picturesPerSecond } = JSON.parse(String(data)) as { picturesPerSecond?: unknown };
    if (typeof picturesPerSecond === 'number' && picturesPerSecond > 0) return picturesPerSecond;
  } catch {
    // Falls through: a page that does not understand goes on as it is made to.
  }
  return null;
}

/** The call an event tells of; undefined where it says it in words this page does not know. */
function callOf(data: unknown): Call | undefined {
  try {
    const call = JSON.parse(String(data)) as Partial<Call>;
    const { id, place = null, at, answeredAt = null } = call;
    return typeof id === 'string' && typeof at === 'string' ? { id, place, at, answeredAt } : undefined;
  } catch {
    // The page asks again when the line is opened anew.
    return undefined;
  }
}

/**
 * Listens.
 * @param called told of each call from a screen
 * @param open opens the line, e.g. `address => new EventSource(address)`
 * @param paced told how many pictures a second a drag may ask for, whenever that changes
 * @returns what ends it
 */
export function listenToStore(
  open: (address: string) => Source,
  heard: (news: StoreNews) => void,
  paced: (picturesPerSecond: number | null) => void,
  called: (call: Call) => void = () => undefined,
): () => void {
  const source = open('/api/v1/events');
  source.addEventListener('inventory', ({ data }) => heard(newsOf(data)));
  source.addEventListener('edition', () => heard({ ...ALL, edition: true }));
  // No garment is another for that.
  source.addEventListener('dials', () => heard({ skus: [], more: false, edition: true }));
  let opened = false;
  source.addEventListener('open', () => {
    // A daemon that was started anew, or has cooled meanwhile, says nothing where there is nothing to say.
    paced(null);
    // What was said while the line was cut, nobody heard.
    if (opened) heard({ skus: [], more: false, edition: true });
    opened = true;
  });
  source.addEventListener('health', ({ data }) => paced(rateOf(data)));
  source.addEventListener('call', ({ data }) => {
    const call = callOf(data);
    if (call !== undefined) called(call);
  });
  return () => source.close();
}
