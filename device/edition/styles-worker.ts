/** Clusters a store into style families, in a thread of its own: seconds of arithmetic for a large store. */
import { parentPort, workerData } from 'node:worker_threads';
import { EncodingIndex } from '../matching/index-file.ts';
import { clusterStyles } from '../matching/style-families.ts';
import type { Family, StylesJob } from './styles.ts';

const { bytes, encoderDigest, latentDim, families, rows, seed }: StylesJob = workerData;
const index = EncodingIndex.open(bytes, { encoderDigest, latentDim });
const styles = clusterStyles(index, { rows, seed, ...(families === undefined ? {} : { families }) });
const answer: Family[] = styles.families.map(({ mu, sigma, rows: { length }, medoid }) => ({
  garments: length,
  medoid,
  mu: Array.from(mu),
  sigma: Array.from(sigma),
}));
parentPort?.postMessage(answer);
