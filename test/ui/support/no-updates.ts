import type { UpdatesAnswer } from '../../../device/api/update-schemas.ts';

/** What a box answers that takes no updates of its model. */
export const NO_UPDATES: UpdatesAnswer = {
  source: null,
  state: 'idle',
  since: '1970-01-01T00:00:00Z',
  release: null,
  progress: null,
  waitsFor: null,
  current: null,
  canRollBack: false,
  lastCheck: null,
  failure: null,
  failedPictures: [],
  history: [],
};
