/** Who may call what: each route that changes something names what its caller must be. device/api/access-guard.ts holds everyone to it. */
import 'fastify';
import type { PairedScope, Scope, Who } from '../access/who.ts';

export type { PairedScope, Scope };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a caller's key needs, or `staff`: at the screen, after the PIN. Staff may do what any key may. Left out, anyone may call. */
    readonly access?: Scope | 'staff';
    /** The box's own screen may call it without a key: it changes nothing here. Everybody else needs `access`. */
    readonly openAtScreen?: true;
    /** The handler writes its line in the audit itself, in one with its change; the guard does not. */
    readonly auditsItself?: true;
  }
  interface FastifyRequest {
    /** Who asks, for a route that has `access`; undefined elsewhere. */
    who: Who | undefined;
    /** The line in the audit that was begun for this request. */
    auditLine: number | undefined;
  }
}
