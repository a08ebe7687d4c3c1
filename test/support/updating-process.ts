/** A process that looks for updates once, and prints the outcome: to be killed meanwhile. Its argument is an `UpdatingJob` as JSON. */
import { HttpSource } from '../../device/updates/http-source.ts';
import { UpdateDatabase } from '../../device/updates/update-database.ts';
import { Updater } from '../../device/updates/updater.ts';
import { TEST_BOX } from './update-box.ts';

export interface UpdatingJob {
  readonly folder: string;
  readonly database: string;
  readonly root: string;
  readonly address: string;
}

const { folder, database, root, address } = JSON.parse(process.argv[2] ?? '') as UpdatingJob;
const source = new HttpSource(new URL(address));
const updater = new Updater({ folder, database: new UpdateDatabase(database), source, root, box: TEST_BOX });
console.log('began');
const outcome = await updater.check();
source.close();
console.log(JSON.stringify(outcome));
