import type { ErrorCode } from '../../device/errors.ts';
import type { Texts } from '../locales/texts.ts';
import { ApiError } from './api.ts';

/** What went wrong last on the staff's page: an error of the daemon's, or that it does not answer. */
export type Trouble = ErrorCode | 'gone';

export const troubleFrom = (error: unknown): Trouble =>
  error instanceof ApiError ? (error.code as ErrorCode) : 'gone';

/** Empty where nothing went wrong. */
export function troubleWords(trouble: Trouble | undefined, { errors, gone }: Pick<Texts, 'errors' | 'gone'>): string {
  if (trouble === undefined) return '';
  return trouble === 'gone' ? gone : errors[trouble];
}
