/** The signs of life that systemd waits for: given while the daemon answers itself, and held back while it does not. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ServiceManager } from './service-manager.ts';

/** A look takes place so often within the time that systemd waits: two may fail, and the daemon goes on. */
const LOOKS = 4;

export interface WatchdogOptions {
  readonly manager: Pick<ServiceManager, 'watchdogMs' | 'tell'>;
  /** Looks once. @throws Error what is wrong */
  check(): Promise<void>;
  /** What `systemctl status` shows while all is well. */
  status(): string;
  readonly log: { info(text: string): void; warn(text: string): void };
  readonly signal: AbortSignal;
}

/** Tells that the daemon is ready; then, where systemd waits for it, that it is well, until the signal. */
export async function tellHealth({ manager, check, status, log, signal }: WatchdogOptions): Promise<void> {
  await manager.tell('READY=1', `STATUS=${status()}`);
  const { watchdogMs } = manager;
  if (watchdogMs === undefined) return;
  let wrong = false;
  while (!signal.aborted) {
    try {
      await check();
      if (wrong) log.info('The daemon answers itself again.');
      wrong = false;
      await manager.tell('WATCHDOG=1', `STATUS=${status()}`);
    } catch (error) {
      // What is being stopped need not answer.
      if (signal.aborted) return;
      const { message } = error as Error;
      if (!wrong) log.warn(`The daemon does not answer itself, and is started anew if it goes on so: ${message}`);
      wrong = true;
      await manager.tell(`STATUS=Does not answer itself: ${message}`);
    }
    await wait(watchdogMs / LOOKS, undefined, { signal }).catch(() => undefined);
  }
}
