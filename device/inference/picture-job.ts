/** What the process that reads pictures is asked, and what it answers: plain data, sent by structured clone. */
import type { ErrorCode } from '../errors.ts';
import type { EncoderInput } from './pictures.ts';

export interface PictureJob {
  /** A JPEG, PNG or WebP file. */
  readonly bytes: Uint8Array;
  readonly input: EncoderInput;
  readonly maxPixels: number;
}

export type PictureRead =
  | { readonly tensor: Float32Array<ArrayBuffer> }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string } }
  | { readonly failure: string };
