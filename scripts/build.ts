/** `npm run build`: the kiosk's page, where it is missing or older than its sources. */
import { LookdialError } from '../device/errors.ts';
import { buildUi } from './ui-build.ts';

try {
  if (!(await buildUi(line => console.log(line)))) console.log('The kiosk’s page is built already.');
} catch (error) {
  if (!(error instanceof LookdialError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
