/** Where tests write what is not to last. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Memory where there is some to write to: a disk that is asked to flush a thousand times takes its time. */
export const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
