/** What the process of one net is asked, and what it answers: plain data, sent by structured clone. */
import type { Provider, Role } from './bundle.ts';
import type { Engine } from './engine-source.ts';
import type { Manifest, ModelFile } from './manifest.ts';

/** One net of a bundle on one provider. */
export interface NetJob {
  readonly role: Role;
  readonly provider: Provider;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly file: ModelFile;
  /** Loaded in place of the file; it is held to the file's tolerance. */
  readonly engine?: Engine | undefined;
  /** Threads of one run. */
  readonly threads: number;
  /** npm name or path of the ONNX Runtime binding. */
  readonly ortModule: string;
}

/**
 * Why a net is refused: the `bundle` is not what its manifest says; the `provider` cannot run here, or runs it wrong;
 * the `runtime` cannot be loaded at all; or the `process` ended or went silent.
 */
export type RefusalKind = 'bundle' | 'provider' | 'runtime' | 'process';

export type ToNet =
  | { readonly type: 'load'; readonly job: NetJob }
  /** `input` is the tensor as the net takes it; `category` a place in `conditions.categories`. */
  | {
      readonly type: 'encode';
      readonly id: number;
      readonly input: Float32Array;
      readonly category: number | undefined;
    }
  | { readonly type: 'decode'; readonly id: number; readonly z: Float32Array; readonly category: number | undefined };

export interface Encoded {
  readonly mu: Float64Array;
  /** After the parametrisation and clamping. */
  readonly sigma: Float64Array;
}

export type FromNet =
  | { readonly type: 'ready'; readonly golden: string }
  | { readonly type: 'refused'; readonly kind: RefusalKind; readonly reason: string }
  | { readonly type: 'answer'; readonly id: number; readonly value: Encoded | Uint8Array }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };

/** A net that is refused, with a reason that a person can act on. */
export class NetRefused extends Error {
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, reason: string, cause?: unknown) {
    super(reason, cause === undefined ? undefined : { cause });
    this.name = 'NetRefused';
    this.kind = kind;
  }
}
