/** Whether there is memory for the daemon, its nets and a browser. */
import { broken, type Check, look, notHere, ok } from '../check.ts';
import { bytes, readSystem } from '../words.ts';

/** What may be left before programs are ended for want of it, bytes. */
const LOW = 256 * 2 ** 20;
const NONE = 48 * 2 ** 20;

export const memory: Check = {
  name: 'memory',
  about: 'how much memory is left',
  async run(box) {
    const text = readSystem(box.system('/proc/meminfo'));
    const kilobytes = (name: string): number | undefined => {
      const [, found] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text ?? '') ?? [];
      return found === undefined ? undefined : Number(found) * 1024;
    };
    const [total, left] = [kilobytes('MemTotal'), kilobytes('MemAvailable')];
    if (total === undefined || left === undefined) return notHere('The system does not say how much memory it has.');
    const found = `${bytes(left)} of ${bytes(total)} of memory can still be had.`;
    const measured = { totalBytes: total, availableBytes: left };
    const next = 'Look what takes it (ps aux --sort=-rss | head), and end what is not needed.';
    if (left < NONE) return broken(found, next, { measured });
    return left < LOW ? look(found, next, { measured }) : ok(found, { measured });
  },
};
