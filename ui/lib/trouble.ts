import type { ErrorCode } from '../../device/errors.ts';
import type { Texts } from '../locales/texts.ts';
import { ApiError, DaemonGone } from './api.ts';

/** What went wrong last on the staff's page: an error of the daemon's, or that it does not answer. */
export type Trouble = ErrorCode | 'gone';

// The browser's own, as far as this needs it: the tests' program knows no page.
const page = globalThis as unknown as { reportError(error: unknown): void };

/** A fault of the page's own is reported, as the browser reports what nobody caught; what the API threw is not one. */
export function reportFault(error: unknown): void {
  if (!(error instanceof ApiError || error instanceof DaemonGone)) page.reportError(error);
}

/** What is to be said of what was thrown. A fault of the page's own is no network that is away, and whoever stands there can try again. */
export function troubleFrom(error: unknown): Trouble {
  reportFault(error);
  if (error instanceof ApiError) return error.code as ErrorCode;
  return error instanceof DaemonGone ? 'gone' : 'internal';
}

/** Empty where nothing went wrong. */
export function troubleWords(trouble: Trouble | undefined, { errors, gone }: Pick<Texts, 'errors' | 'gone'>): string {
  if (trouble === undefined) return '';
  return trouble === 'gone' ? gone : errors[trouble];
}
