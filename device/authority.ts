/** A host as it is named in `Host`, in `Origin` and in the setting `hosts`: a name or an address, with or without a port. */

export interface Authority {
  readonly name: string;
  /** Undefined where none is written. */
  readonly port: number | undefined;
}

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::([1-9]\d{0,4}))?$/i;

/** Reads `name`, `name:port`, `[v6]` or `[v6]:port`; anything else is undefined. */
export function readAuthority(written: string): Authority | undefined {
  const [, name, port] = AUTHORITY.exec(written) ?? [];
  if (name === undefined) return undefined;
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && number > 65535) return undefined;
  // The platform's own parser makes one spelling of the many that an IPv6 address has.
  if (!URL.canParse(`http://${name}`)) return undefined;
  const { hostname } = new URL(`http://${name}`);
  // Of a name or an IPv4 address there is one: 2130706433, 127.1 and 0x7f000001 are no way to write 127.0.0.1.
  if (!name.startsWith('[') && hostname !== name.toLowerCase()) return undefined;
  return { name: hostname, port: number };
}
