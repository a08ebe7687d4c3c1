/** What stops a start, as a sentence that says what to do; a fault of ours stays what it is, with its place. */
import { isDatabaseDamaged, isDiskFull, isDiskReadOnly, LookdialError } from './errors.ts';
import { asTypedHere } from './own-command.ts';

/** What the operating system says where a file may not be used, or the disk fails. */
const REFUSED: readonly unknown[] = ['EACCES', 'EPERM', 'EIO'];

/** Of a bundle it is said what is wrong, wherever it is read; what to do where it is the one that the box is to serve, here. */
const withNextStep = (error: LookdialError): LookdialError =>
  new LookdialError(
    error.code,
    `${error.message.replace(/[.\s]+$/, '')}. Copy the bundle again, or name another one with LOOKDIAL_BUNDLE.`,
    { cause: error },
  );

/** @returns undefined for what nobody foresaw */
export function startFailure(error: unknown): LookdialError | undefined {
  if (error instanceof LookdialError) return error.code === 'bundle-invalid' ? withNextStep(error) : error;
  const { message, code } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  if (isDiskFull(error)) {
    return new LookdialError('disk-full', `The disk is full: ${message}. Free some space, and start again.`, options);
  }
  if (isDiskReadOnly(error)) {
    return new LookdialError(
      'write-failed',
      `The disk can only be read: ${message}. Look for errors of the disk (dmesg), have it checked, and start the box again.`,
      options,
    );
  }
  if (isDatabaseDamaged(error)) {
    return new LookdialError(
      'store-invalid',
      `A database of the state folder is damaged: ${message}. Which one, and what to do, says: npm run doctor -- databases.`,
      options,
    );
  }
  if (code === 'ERR_SQLITE_ERROR' || REFUSED.includes(code)) {
    return new LookdialError(
      'store-invalid',
      `The state folder cannot be used: ${message}. What is wrong, and what to do, says: npm run doctor.`,
      options,
    );
  }
  return undefined;
}

/** The same as it is told to a person: its commands as they are typed here. */
export function startFailureSentence(error: unknown): string | undefined {
  const failure = startFailure(error);
  return failure && asTypedHere(failure.message);
}
