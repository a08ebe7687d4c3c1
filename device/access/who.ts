/** Who asks, and with what right. */

/**
 * `watch`: how the box is, and nothing else. `inventory`: garments, stock, arrivals. `admin`: keys, updates, settings; it may do what
 * the others may.
 */
export type Scope = 'watch' | 'inventory' | 'admin';

export const SCOPES: readonly Scope[] = ['watch', 'inventory', 'admin'];

/** What a device can be paired for at the screen. A scraper is no device of the store's: its key is made in a shell on the box. */
export type PairedScope = Exclude<Scope, 'watch'>;

export type Who =
  /** A program with a key. */
  | { readonly kind: 'key'; readonly id: string; readonly name: string; readonly scope: Scope }
  /** Somebody at the screen who gave the PIN. */
  | { readonly kind: 'staff' }
  /** Somebody at the screen while there is no PIN. */
  | { readonly kind: 'screen' }
  /** A program that had the code which the screen showed. */
  | { readonly kind: 'pairing' }
  /** Somebody with a shell on the box: `npm run keys`. */
  | { readonly kind: 'local' };
