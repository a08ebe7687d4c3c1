import { ApiError, DaemonGone, exchange, type Fetch } from './api.ts';
import { type Clock, clock } from './rest.ts';

/** Milliseconds between two words of the page; scripts/device/kiosk-watch waits for several. */
export const PULSE_MS = 5_000;

/**
 * Says to the box, again and again, that the page runs: a tab that has crashed or hangs says nothing, and is found out so.
 * @param screen the name that the page's address gives this screen; undefined says nothing
 * @returns ends it
 */
export function startPulse(screen: string | undefined, fetch: Fetch, time: Clock = clock): () => void {
  if (screen === undefined) return () => undefined;
  let timer: unknown;
  let ended = false;
  const beat = async (): Promise<void> => {
    try {
      await exchange(fetch, `/api/v1/screens/${screen}`, { method: 'PUT' });
    } catch (error) {
      // A daemon that is away hears it the next time.
      if (!(error instanceof ApiError || error instanceof DaemonGone)) throw error;
    }
    if (!ended) timer = time.after(PULSE_MS, () => void beat());
  };
  void beat();
  return () => {
    ended = true;
    time.cancel(timer);
  };
}
