/** Finds the attributes that go along with the dials of a store, in a thread of its own: a sort of all its garments for each pair. */
import { parentPort, workerData } from 'node:worker_threads';
import { stepBack } from '../background.ts';
import { nameDials } from '../matching/dial-names.ts';
import type { NamesJob } from './dial-words.ts';

if (parentPort === null) throw new Error('dial-names-worker.ts is started by findDialWords, not by itself.');
stepBack();

const { attributes, ...index }: NamesJob = workerData;
parentPort.postMessage(nameDials(index, attributes));
