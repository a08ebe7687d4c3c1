/**
 * The API's document, narrowed to one box: its garments, and points of its model. The document itself allows what some
 * model has and some store sells; asked by chance alone, a box would do little but refuse.
 */
export interface Schema {
  properties?: Record<string, Schema>;
  [key: string]: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, { content?: object }>;
  readonly parameters?: { name: string; in: string; schema: Schema }[];
}

export interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

export interface Box {
  readonly latentDim: number;
  /** Dials go from -range to range. */
  readonly range: number;
  readonly skus: readonly string[];
}

/** Bodies that hold a point. */
const WITH_POINT = ['PointRequest', 'MatchRequest'];

const numbers = (count: number, bound: number): Schema => ({
  type: 'array',
  items: { type: 'number', minimum: -bound, maximum: bound },
  minItems: count,
  maxItems: count,
});

/** @throws Error where the document has not the shapes that are to be narrowed */
export function knowing(document: OpenApi, { latentDim, range, skus }: Box): OpenApi {
  const narrowed = structuredClone(document);
  let narrow = 0;
  for (const { parameters = [] } of Object.values(narrowed.paths).flatMap(methods => Object.values(methods))) {
    for (const parameter of parameters) {
      if (parameter.in !== 'path' || parameter.name !== 'sku') continue;
      parameter.schema = { type: 'string', enum: [...skus] };
      narrow += 1;
    }
  }
  for (const name of WITH_POINT) {
    const schema = narrowed.components.schemas[name];
    if (schema?.properties === undefined) throw new Error(`The document has no ${name} to narrow.`);
    // A condition is for models that have some; this box's has none.
    const { condition: _, on, ...properties } = schema.properties;
    schema.properties = { ...properties, dials: numbers(latentDim, range), z: numbers(latentDim, 1e4) };
    if (on !== undefined)
      schema.properties.on = { ...on, items: { type: 'integer', minimum: 0, maximum: latentDim - 1 } };
    schema.oneOf = [{ required: ['dials'] }, { required: ['z'] }];
  }
  if (narrow === 0) throw new Error('The document has no call about one garment.');
  return narrowed;
}
