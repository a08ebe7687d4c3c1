const MINUTE_S = 60;

/** How long ago a time was, as the language says it: "now", "20 seconds ago", "2 minutes ago". A clock that runs behind says "now". */
export function ago(time: string, now: number, locale: string): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  // By tens: nobody counts along.
  if (seconds < MINUTE_S) return format.format(-Math.floor(seconds / 10) * 10, 'second');
  return format.format(-Math.floor(seconds / MINUTE_S), 'minute');
}
