/** From `npm start` to the page: the first time, when the page is built and the store indexed, and every time after. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon } from './daemon.ts';
import type { Suite } from './suite.ts';

/** Starts that find everything ready. */
const LATER_STARTS = 3;

/** Seconds from the command to the page's last byte. */
async function startOnce(environment: Record<string, string>): Promise<{ seconds: number; bytes: number }> {
  const began = performance.now();
  const daemon = await Daemon.start(['npm', 'start'], environment);
  try {
    const response = await fetch(daemon.address);
    const page = await response.text();
    if (!response.ok) throw new Error(`${daemon.address} answered ${response.status}: ${page.slice(0, 500)}`);
    return { seconds: (performance.now() - began) / 1_000, bytes: page.length };
  } finally {
    await daemon.stop();
  }
}

export const startSuite: Suite = {
  name: 'start',
  about: 'from npm start to the page, the first time and later',
  async run({ config, say }) {
    mkdirSync(config.data, { recursive: true });
    const data = mkdtempSync(join(config.data, 'bench-start-'));
    const environment = { LOOKDIAL_DATA: data, LOOKDIAL_STORE: config.store, LOOKDIAL_BUNDLE: config.bundle };
    const rows: [string, number][] = [];
    let sink = 0;
    try {
      for (let i = 0; i <= LATER_STARTS; i += 1) {
        const name = i === 0 ? 'first, the store made and indexed' : `later ${i}`;
        say(name);
        const { seconds, bytes } = await startOnce(environment);
        rows.push([name, Number(seconds.toFixed(2))]);
        sink += bytes;
      }
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
    return { tables: [{ title: 'From npm start to the page', columns: ['start', 'seconds'], rows }], sink };
  },
};
