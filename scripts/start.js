// `npm start`. Plain JavaScript, for whatever Node there is must be able to run it: to say that it is the wrong one.
import './compile-cache.js';
import { isOld, OLDEST } from './right-node.js';

if (isOld) {
  console.error(`Lookdial needs Node ${OLDEST} or newer, and this is ${process.version}.`);
  console.error('Run this first, which installs the right one beside the project: npm ci');
  process.exitCode = 1;
} else {
  import('./start.ts').then(({ start }) => start());
}
