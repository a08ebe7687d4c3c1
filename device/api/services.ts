/** What the API is given to work with, and the Fastify instance its resources are written for. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Access } from '../access/access.ts';
import type { Webhook } from '../calls/webhook.ts';
import type { ChainLink } from '../chain/chain-link.ts';
import type { Config } from '../config.ts';
import type { EditionHolder } from '../edition/holder.ts';
import type { StoreMaps } from '../edition/store-maps.ts';
import type { StorePointer } from '../edition/store-pointer.ts';
import type { EventHub } from '../events.ts';
import type { Bundle, Role } from '../inference/bundle.ts';
import type { EngineStanding } from '../inference/engine-source.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { Updates } from '../updates/updates.ts';
import type { StepTimes } from './step-times.ts';

export interface Services {
  readonly editions: EditionHolder;
  readonly catalogue: Catalogue;
  /** Takes what arrives and leaves. */
  readonly live: StorePointer;
  readonly maps: StoreMaps;
  readonly events: EventHub;
  /** Told how long each step of an answer takes. */
  readonly times: StepTimes;
  readonly access: Access;
  /** The chain's catalogue; left out where none is set up. */
  readonly chain?: ChainLink | undefined;
  /** Updates of the model; gives undefined, or is left out, where the box takes none. */
  readonly updates?: () => Updates | undefined;
  /** Why it takes none though it should, and what to do. */
  readonly updatesFault?: string | undefined;
  /** How the engine that TensorRT runs of a net stands; left out where nothing builds engines. */
  readonly engines?: { standing(bundle: Bundle, role: Role): EngineStanding } | undefined;
  /** What those who come by TLS see, and on which port; left out where there is none. */
  readonly certificate?: () =>
    | { readonly fingerprint: string; readonly validTo: Date; readonly port: number }
    | undefined;
  /** Told of calls from the screen; left out where no address is set. */
  readonly webhook?: Webhook | undefined;
  /** Where a phone on the store’s network finds the page; gives undefined, or is left out, where it does not. */
  readonly pageAddress?: () => string | undefined;
  readonly config: Pick<
    Config,
    | 'data'
    | 'hosts'
    | 'logLevel'
    | 'reads'
    | 'requestsPerMinute'
    | 'tls'
    | 'maxPicturePixels'
    | 'maxPictureBytes'
    | 'eventListeners'
  >;
  /** The program's own version. */
  readonly version: string;
  /** The kiosk's page as it was built: a folder. */
  readonly ui: string;
}

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
