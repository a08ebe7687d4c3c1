/** Folders to and from one file, by the system's tar. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { LookdialError } from '../../../device/errors.ts';

async function tar(words: readonly string[], file: string, signal: AbortSignal): Promise<void> {
  const child = spawn('tar', words, { stdio: ['ignore', 'ignore', 'pipe'], signal });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code === 0) return;
  throw new LookdialError(
    'store-invalid',
    `${file}: tar ended with ${code}: ${said.trim().split('\n').slice(0, 3).join('; ')}`,
  );
}

/** Times to the nanosecond: they say whether the drawn collection is still the one that was indexed. */
export const pack = (folder: string, file: string, first: string, signal: AbortSignal): Promise<void> =>
  tar(
    [
      '--create',
      '--format=posix',
      '--file',
      file,
      '--directory',
      folder,
      `./${first}`,
      `--exclude=./${first}`,
      '--exclude=*.sqlite-wal',
      '--exclude=*.sqlite-shm',
      '.',
    ],
    file,
    signal,
  );

/** No owner, no link and no name outside the folder is taken from the file. */
export const unpack = (file: string, folder: string, signal: AbortSignal): Promise<void> =>
  tar(['--extract', '--no-same-owner', '--keep-old-files', '--file', file, '--directory', folder], file, signal);
