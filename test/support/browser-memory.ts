/** What a browser holds in its memory, by its own account. */
import type { Browser } from 'playwright-core';

interface TraceEvent {
  readonly args?: {
    readonly dumps?: { readonly allocators?: Allocators };
  };
}
type Allocators = Readonly<
  Record<string, { readonly attrs: { readonly size?: { readonly value: string } } } | undefined>
>;

/** Pictures that its pages have decoded and that it keeps, megabytes. @throws Error where it gives no account */
export async function decodedMegabytes(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  try {
    const events: TraceEvent[] = [];
    session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as TraceEvent[])));
    const ended = new Promise<void>(resolve => session.once('Tracing.tracingComplete', () => resolve()));
    await session.send('Tracing.start', {
      traceConfig: { includedCategories: ['disabled-by-default-memory-infra'], excludedCategories: ['*'] },
      transferMode: 'ReportEvents',
    });
    const { success } = await session.send('Tracing.requestMemoryDump', { levelOfDetail: 'detailed' });
    await session.send('Tracing.end');
    await ended;
    const accounts = events.flatMap(({ args }): Allocators[] =>
      args?.dumps?.allocators === undefined ? [] : [args.dumps.allocators],
    );
    if (!success || accounts.length === 0) throw new Error('Chromium gave no account of its memory.');
    // The whole of what is under a name stands under the name itself.
    return accounts.reduce(
      (sum, account) => sum + Number.parseInt(account['cc/image_memory']?.attrs.size?.value ?? '0', 16) / 2 ** 20,
      0,
    );
  } finally {
    await session.detach();
  }
}
