/** `npm run build`: the kiosk's page and the search's kernel, where they are missing or older than their sources. */
import { LookdialError } from '../device/errors.ts';
import { kernelBytes } from '../device/search/kernel-file.ts';
import { buildUi } from './ui-build.ts';

try {
  if (!(await buildUi(line => console.log(line)))) console.log('The kiosk’s page is built already.');
  const { length } = await kernelBytes();
  console.log(`The search’s kernel is built: ${length} bytes of WebAssembly.`);
} catch (error) {
  if (!(error instanceof LookdialError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
