/** What the installer does with the store's databases while it tries a new program: kept-databases.ts, with the daemon's settings. */
import { readConfig } from '../../device/config.ts';
import { startFailureSentence } from '../../device/start-failure.ts';
import { checkRoom, forget, KEPT_FOLDER, keep, putBack } from './kept-databases.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const STEPS: Readonly<Record<string, (data: string) => string>> = {
  room: data => `a copy of the databases takes up to ${megabytes(checkRoom(data))} in ${data}/${KEPT_FOLDER}`,
  keep: data => `a copy of the databases takes ${megabytes(keep(data))} in ${data}/${KEPT_FOLDER}`,
  back: data => {
    const aside = putBack(data);
    return aside === undefined
      ? 'the program before reads the databases as they are: they stay, with all that was written'
      : `the databases that the program before would refuse are as they were before the upgrade; what the new one made of them is in ${aside}, until you remove it`;
  },
  forget: data => {
    forget(data);
    return '';
  },
};

try {
  const step = STEPS[process.argv[2] ?? ''];
  if (step === undefined) throw new RangeError(`There is no step ${process.argv[2]}.`);
  const said = step(readConfig(process.env).data);
  if (said !== '') console.log(said);
} catch (error) {
  const sentence = startFailureSentence(error);
  if (sentence === undefined) throw error;
  console.error(`lookdial: ${sentence}`);
  process.exitCode = 1;
}
