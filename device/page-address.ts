/** Where a phone on the store's network finds the page, for the code that a shopper takes away. */
import type { Config } from './config.ts';

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');

/**
 * Undefined where a phone could not open the page: the store is shown to keys alone, the box answers to itself alone, or by a
 * certificate that phones warn of. One from files is known by its name, which only the setting says.
 * @param listening the addresses that the box listens at
 */
export function pageAddressOf(
  { pageAddress, reads, tls }: Pick<Config, 'pageAddress' | 'reads' | 'tls'>,
  listening: readonly string[],
): string | undefined {
  if (reads === 'keys') return undefined;
  if (pageAddress !== '') return pageAddress;
  return tls === 'off' ? listening.find(address => !isLoopback(new URL(address).hostname)) : undefined;
}
