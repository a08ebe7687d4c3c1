/** `PUT /api/v1/dials/{index}/words`: staff name a dial of the model that serves, in the languages of the kiosk. */
import { isDeepStrictEqual } from 'node:util';
import { Type } from 'typebox';
import type { Edition } from '../edition/edition.ts';
import { LookdialError } from '../errors.ts';
import { DIAL_LANGUAGES, type StaffWords, type StaffWordsByLanguage } from './dial-word-schemas.ts';
import { bodyFailures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

const DialParams = Type.Object({ index: Type.Integer({ minimum: 0, maximum: 63 }) }, { additionalProperties: false });

/**
 * What is no letter to be seen: controls, line ends, marks that turn the line's direction, unpaired surrogates, what no letter is
 * assigned to. The two joiners are letters' own in Arabic script, and in others.
 */
const UNSEEN = /(?![\u200c\u200d])[\p{C}\u2028\u2029]/u;
/** Something must be seen. */
const SEEN = /[\p{L}\p{N}\p{S}]/u;

const refuse = (detail: string, field: string): never => {
  throw new LookdialError('invalid-request', detail, { field });
};

/** A word by one spelling of the several that look the same. */
function clean(text: string, field: string): string {
  if (UNSEEN.test(text)) refuse(`${field} holds a control character, or another that cannot be seen.`, field);
  const word = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  return SEEN.test(word) ? word : refuse(`${field} must have a letter or a figure in it.`, field);
}

function cleanWords({ name, low, high }: StaffWords, field: string): StaffWords {
  const end = (text: string | null, of: string): string | null =>
    text === null ? null : clean(text, `${field}.${of}`);
  return { name: clean(name, `${field}.name`), low: end(low, 'low'), high: end(high, 'high') };
}

function cleanAll(words: StaffWordsByLanguage): StaffWordsByLanguage {
  const given = DIAL_LANGUAGES.flatMap(language => {
    const said = words[language];
    return said === undefined ? [] : [[language, cleanWords(said, `words.${language}`)] as const];
  });
  return Object.fromEntries(given);
}

/** @throws LookdialError `model-changed`, `invalid-request` */
function checkDial({ bundle }: Edition, index: number, encoder: string): void {
  const { manifest, encoderDigest } = bundle;
  if (encoder !== encoderDigest) {
    throw new LookdialError(
      'model-changed',
      `Another model serves by now, ${bundle.name}, whose dials are others. Look at GET /api/v1/model, and name its dial.`,
      { field: 'encoder' },
    );
  }
  const dial = manifest.dials?.[index];
  if (index >= manifest.latentDim || dial?.shown === false)
    refuse(`The model has no dial ${index} that is shown.`, 'index');
}

/** @throws LookdialError `words-changed` where somebody has named the dial since it was looked at */
function checkWords(now: StaffWordsByLanguage, was: StaffWordsByLanguage | undefined): void {
  if (was === undefined || isDeepStrictEqual(now, was)) return;
  throw new LookdialError(
    'words-changed',
    'Somebody has named it since it was looked at. Look at GET /api/v1/model, and send its words as `was` to write over them.',
    { field: 'was' },
  );
}

export function dialWordRoutes(app: Api, { editions, catalogue, events }: Services): void {
  app.put(
    '/api/v1/dials/:index/words',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'nameDial',
        summary: 'Name a dial of the model that serves',
        description:
          'In any of the kiosk’s languages, all of them at once: what is left out is not said any more. On the disk when it is answered; every screen hears of it, as `dials`. ' +
          'With `was`, what two write at the same time is not lost in silence: the second is refused. ' +
          'Names belong to the model that they were given to: where a model with another encoder serves, they wait until theirs serves again.',
        params: DialParams,
        body: named('DialWordsRequest'),
        response: {
          200: named('DialWordsAnswer'),
          ...bodyFailures('model-changed', 'words-changed', 'not-ready', 'disk-full', 'write-failed'),
        },
      },
    },
    async request =>
      await editions.use(edition => {
        const { index } = request.params;
        const { encoder, was } = request.body;
        checkDial(edition, index, encoder);
        checkWords(catalogue.staffWords(encoder).get(index) ?? {}, was);
        const words = cleanAll(request.body.words);
        catalogue.setStaffWords(encoder, index, words);
        events.publish({ type: 'dials', data: { encoder } });
        return { index, encoder, words };
      }),
  );
}
