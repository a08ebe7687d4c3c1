/** The API's shapes for the daemon's log, schema first as `schemas.ts`. */
import { Type } from 'typebox';
import { LOG_LEVELS } from '../config.ts';

const strict = { additionalProperties: false };
const Level = Type.Enum([...LOG_LEVELS]);

export const LogRequest = Type.Object(
  { level: Level },
  { ...strict, $id: 'LogRequest', description: 'How much the log is to say.' },
);

export const Log = Type.Object(
  {
    /** Now. */
    level: Level,
    /** What the setting `logLevel` says: from the next start on. */
    setting: Level,
  },
  { ...strict, $id: 'Log', description: 'How much the log says.' },
);
