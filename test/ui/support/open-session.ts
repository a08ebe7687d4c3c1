import type { Garment } from '../../../ui/lib/api.ts';
import { REST_MS } from '../../../ui/lib/rest.ts';
import type { Frames } from '../../../ui/state/glide.ts';
import { Session } from '../../../ui/state/session.ts';
import { FakeAsked } from './fake-asked.ts';
import { handClock } from './hand-clock.ts';

/** No motion: a tap goes where it goes at once. */
const still: Frames = { reduced: true, next: () => undefined, cancel: () => undefined };
export const tick = (): Promise<void> => new Promise(go => setImmediate(go));

/** A session that has begun. */
export async function openSession(asked = new FakeAsked()) {
  const time = handClock();
  const session = new Session(asked, still, time);
  await session.start();
  await tick();
  const skus = (): string[] => session.display.matches.map(({ sku }) => sku);
  /** The hand rests, and what is asked for then is answered. */
  const rest = async (): Promise<void> => {
    await tick();
    time.pass(REST_MS);
    await tick();
  };
  return { session, asked, time, skus, rest };
}

/** A session that has begun and whose hand rests: what is asked at a rest, and what is asked after that, has been answered. */
export async function openRested(asked?: FakeAsked) {
  const opened = await openSession(asked);
  const rest = async (): Promise<void> => {
    await opened.rest();
    await tick();
  };
  await rest();
  return { ...opened, rest };
}

/** A garment of the store as the page has it. */
export const garment = (sku: string): Garment => ({
  sku,
  title: sku,
  category: 'Dress',
  colour: 'red',
  price: 20,
  currency: 'EUR',
  sizes: [{ name: 'M', quantity: 1 }],
  location: null,
  image: `/${sku}`,
});
