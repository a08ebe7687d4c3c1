/** Who may call what: each route that changes something names the scope that its caller's key must have. */
import 'fastify';

/** `inventory`: garments, stock, arrivals. `admin`: keys, updates, settings; it may do what `inventory` may. */
export type Scope = 'inventory' | 'admin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a caller needs; left out, anyone may call. */
    readonly access?: Scope;
  }
}
