import type { Clock } from '../../../ui/lib/rest.ts';

/** A clock that a test moves by hand. */
export function handClock(): Clock & { pass(milliseconds: number): void; readonly waiting: number } {
  let now = 0;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    after: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return timer;
    },
    cancel: timer => {
      timers.delete(timer as { at: number; run: () => void });
    },
    pass: milliseconds => {
      const end = now + milliseconds;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        now = next.at;
        next.run();
      }
      now = end;
    },
    get waiting() {
      return timers.size;
    },
  };
}
