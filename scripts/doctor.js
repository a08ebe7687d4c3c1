// `npm run doctor`. Plain JavaScript, for whatever Node there is must be able to run it: to say that it is the wrong one, or that
// packages are missing.
import './compile-cache.js';

const OLDEST = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  console.error(`Lookdial needs Node ${OLDEST} or newer, and this is ${process.version}.`);
  console.error('Run this first, which installs the right one beside the project: npm ci');
  process.exitCode = 2;
} else {
  import('./doctor/main.ts').then(
    ({ main }) => main(),
    error => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      console.error(`A package is missing: ${error.message.split('\n')[0]}.`);
      console.error('Run this first, which installs what the project needs: npm ci');
      process.exitCode = 2;
    },
  );
}
