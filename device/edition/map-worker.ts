/** Makes the map of a store, in a thread of its own: seconds of arithmetic. */
import { parentPort, workerData } from 'node:worker_threads';
import { stepBack } from '../background.ts';
import { EncodingIndex } from '../matching/index-file.ts';
import { readMap, writeMap } from '../matching/map/map-file.ts';
import { makeMap } from '../matching/map/store-map.ts';
import type { MapJob } from './store-maps.ts';

stepBack();

const { bytes, encoderDigest, latentDim, indexDigest, previous }: MapJob = workerData;
const index = EncodingIndex.open(bytes, { encoderDigest, latentDim });
parentPort?.postMessage(writeMap(makeMap(index, indexDigest, previous && readMap(previous))));
