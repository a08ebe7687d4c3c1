/** Work on many things, a few at a time. */

/**
 * Calls `work` for every item in order, at most `lanes` at once. The first failure stops the others after what they have
 * in hand, and is thrown once they have ended.
 * @throws whatever `work` threw first, or the signal's reason
 */
export async function inLanes<T>(
  items: Iterable<T> | AsyncIterable<T>,
  lanes: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const rest = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failure: { readonly reason: unknown } | undefined;
  const lane = async (): Promise<void> => {
    while (failure === undefined) {
      if (signal?.aborted) {
        failure = { reason: signal.reason };
        return;
      }
      try {
        const next = await rest.next();
        if (next.done || failure !== undefined) return;
        await work(next.value);
      } catch (reason) {
        failure ??= { reason };
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failure === undefined) return;
  await rest.return?.();
  throw failure.reason;
}
