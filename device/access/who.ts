/** Who asks, and with what right. */

/** `inventory`: garments, stock, arrivals. `admin`: keys, updates, settings; it may do what `inventory` may. */
export type Scope = 'inventory' | 'admin';

export const SCOPES: readonly Scope[] = ['inventory', 'admin'];

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
