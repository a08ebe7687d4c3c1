/** Started by pglite-process.ts: says where it listens, and ends when whoever started it lets go or is gone. */
import { setBackground } from '../../../device/background.ts';
import { startPglite } from './pglite.ts';

// In earnest it has a machine of its own: it is not to take the box's cores.
await setBackground(process.pid, true);
const postgres = await startPglite();
process.once('disconnect', () => process.exit(0));
process.send?.(postgres.entries);
