/** `GET /api/v1/model`: what a screen needs to know before it can show anything. */
import type { Edition } from '../edition/edition.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import { dialDensity } from '../matching/dials.ts';
import type { Dial, Model } from './model-schemas.ts';
import { failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

/** Bins of a dial's stock density: a thumb's width of track is about one. */
const DENSITY_BINS = 24;

/** Shown dials, those that say most first; a bundle without dials shows every dimension as it is. */
function shownDials(edition: Edition, allowed: Uint8Array, staffWords: ReadonlyMap<number, Dial['words']>): Dial[] {
  const { latentDim, dials } = edition.bundle.manifest;
  const faces = Array.from({ length: latentDim }, (_, index) => {
    const { kl = 0, activity = 0, shown = true } = dials?.[index] ?? {};
    const own = { ...(edition.names[index] ?? { name: null, low: null, high: null }) };
    const words = staffWords.get(index) ?? {};
    const kinds = edition.dialKinds[index] ?? null;
    return { shown, dial: { index, ...(words.en ?? own), own, words, activity, kl, kinds: kinds && [...kinds] } };
  });
  return faces
    .filter(({ shown }) => shown)
    .map(({ dial }) => ({
      ...dial,
      density: Array.from(dialDensity(edition.garments, dial.index, edition.dials, DENSITY_BINS, allowed)),
    }))
    .sort((a, b) => b.kl - a.kl || a.index - b.index);
}

/** The model and the store as they are now. @param chain whether there is a chain to ask */
export function describeModel(edition: Edition, catalogue: Catalogue, chain = false): Model {
  const { manifest } = edition.bundle;
  const { id, version, title = id, latentDim, range, tolerance, shareTolerance, conditions, decoder } = manifest;
  const { width, height } = decoder.outputs.alpha ?? decoder.outputs.colour;
  const store = catalogue.store;
  const { encoderDigest } = edition.bundle;
  const { mask } = catalogue.allowed({}, edition.garments);
  return {
    bundle: { id, version, title },
    edition: edition.id,
    provider: edition.inference.provider,
    encoder: encoderDigest,
    latentDim,
    range,
    tolerance,
    shareTolerance,
    parametrisation: manifest.encoder.outputs.scale.parametrisation,
    picture: { width, height, sharpen: decoder.sharpen },
    chain,
    dials: shownDials(edition, mask, catalogue.staffWords(encoderDigest)),
    conditions: conditions ?? null,
    store: {
      name: store?.name ?? '',
      demonstration: store?.demonstration ?? false,
      garments: catalogue.count,
      encoded: catalogue.allowed({ inStock: false }, edition.garments).count,
      currency: catalogue.currency,
      ...catalogue.facets(),
    },
  };
}

export function modelRoutes(app: Api, { editions, catalogue, chain }: Services): void {
  let kept: { edition: Edition; changes: number; rows: number; model: Model } | undefined;
  app.get(
    '/api/v1/model',
    {
      schema: {
        operationId: 'model',
        summary: 'The model, its dials, and the store',
        response: { 200: named('Model'), ...failures('not-ready') },
      },
    },
    async () =>
      await editions.use(edition => {
        const { changes } = catalogue;
        const { changes: rows } = edition.garments;
        if (kept?.edition !== edition || kept.changes !== changes || kept.rows !== rows) {
          kept = { edition, changes, rows, model: describeModel(edition, catalogue, chain !== undefined) };
        }
        // The provider may have changed since: one that fails is left for the next.
        return { ...kept.model, provider: edition.inference.provider };
      }),
  );
}
