/** The process that reads pictures, one after another: see `PictureReader`. */
import { LookdialError } from '../errors.ts';
import type { PictureJob, PictureRead } from './picture-job.ts';
import { readPicture } from './pictures.ts';

async function read({ bytes, input, maxPixels }: PictureJob): Promise<PictureRead> {
  try {
    return { tensor: await readPicture(bytes, input, { maxPixels }) };
  } catch (error) {
    if (error instanceof LookdialError) return { refused: { code: error.code, message: error.message } };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', async (job: PictureJob) => {
  const answer = await read(job);
  if (process.connected) process.send?.(answer);
});
// The daemon ends this process by closing the channel; a signal to the whole group is the daemon's business.
process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
