/** The hours in which a store may be gone over to another model, in the box's own time of day. */

export interface Window {
  /** Minutes since midnight; `to` below `from` is past midnight. Equal: always. */
  readonly from: number;
  readonly to: number;
}

export const ALWAYS: Window = { from: 0, to: 0 };

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)$/;

/** `always`, or such as `02:00-05:00`. @returns undefined where it is neither */
export function parseWindow(written: string): Window | undefined {
  const text = written.trim();
  if (text === 'always') return ALWAYS;
  const [, fromHour, fromMinute, toHour, toMinute] = TIME.exec(text) ?? [];
  if (fromHour === undefined) return undefined;
  const window = {
    from: 60 * Number(fromHour) + Number(fromMinute),
    to: 60 * Number(toHour) + Number(toMinute),
  };
  return window.from === window.to ? undefined : window;
}

export function isWithin({ from, to }: Window, time: Date): boolean {
  if (from === to) return true;
  const minute = 60 * time.getHours() + time.getMinutes();
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':');

/** As a person writes it: `02:00` and `05:00`. */
export const writtenWindow = ({ from, to }: Window): { from: string; to: string } => ({
  from: clock(from),
  to: clock(to),
});
