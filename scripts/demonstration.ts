import type { Model } from '../device/api/model-schemas.ts';

/** Whether the store at `address` is the demonstration. If not, says why no picture of it is taken, and the command fails. */
export async function isOursToShow(address: string): Promise<boolean> {
  const { store } = (await (await fetch(new URL('api/v1/model', address))).json()) as Model;
  if (store.demonstration) return true;
  console.error(`The store at ${address} is a real one: its garments are not ours to show. Start the demonstration.`);
  process.exitCode = 1;
  return false;
}
