/** OpenCV, compiled to WebAssembly: loaded in the cut-out's own thread alone, for it takes a second or two and a hundred megabytes. */
import { createRequire } from 'node:module';

export type OpenCv = typeof import('@techstark/opencv-js');

/** Once for a thread. */
export async function loadOpenCv(): Promise<OpenCv> {
  const loaded: OpenCv | Promise<OpenCv> = createRequire(import.meta.url)('@techstark/opencv-js');
  return loaded;
}
