/**
 * Keeps the last value of a function: what is worked out from the same things again is the same object, so that elements
 * which are given it see that nothing has changed and stay as they are.
 */
export function memo<Arguments extends readonly unknown[], Value>(
  work: (...given: Arguments) => Value,
): (...given: Arguments) => Value {
  let last: { readonly given: Arguments; readonly value: Value } | undefined;
  return (...given) => {
    if (last === undefined || given.some((one, at) => !Object.is(one, last?.given[at]))) {
      last = { given, value: work(...given) };
    }
    return last.value;
  };
}

/** For Lit's `hasChanged`: whether two plain objects of texts say something else. */
export function saysOther<Words extends object>(now: Words, before: Words | undefined): boolean {
  if (before === undefined) return true;
  return Object.entries(now).some(([name, value]) => value !== before[name as keyof Words]);
}
