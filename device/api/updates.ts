/** `/api/v1/updates`: how the updates of the model stand; looking for one, going over to it, and going back. */
import { LookdialError } from '../errors.ts';
import type { ReleaseRecord } from '../updates/update-progress.ts';
import type { Updates } from '../updates/updates.ts';
import { failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import type { UpdatesAnswer } from './update-schemas.ts';

const MOST_TOLD = 50;
const MOST_NAMED = 200;

const time = (milliseconds: number): string => new Date(milliseconds).toISOString();

const releaseView = ({ release, document, verdict, reason, firstSeen, changed }: ReleaseRecord) => ({
  release,
  id: document.id,
  version: document.version,
  verdict: verdict ?? null,
  reason: reason ?? null,
  firstSeen: time(firstSeen),
  changed: time(changed),
});

const orNull = (record: ReleaseRecord | undefined) => (record === undefined ? null : releaseView(record));

function view(updates: Updates): UpdatesAnswer {
  const { state, release, since } = updates.state;
  const { lastCheck } = updates;
  return {
    source: updates.source,
    state,
    since: time(since),
    release: orNull(release),
    progress: updates.underWay ?? null,
    waitsFor: updates.waitsFor ?? null,
    current: orNull(updates.current),
    canRollBack: updates.canRollBack,
    lastCheck:
      lastCheck === undefined
        ? null
        : { ...lastCheck, at: lastCheck.at.toISOString(), message: lastCheck.message ?? null },
    failure: updates.failure ?? null,
    failedPictures: updates.failedPictures.slice(0, MOST_NAMED),
    history: updates.history().slice(0, MOST_TOLD).map(releaseView),
  };
}

/** Of a box that takes none. */
const NONE: UpdatesAnswer = {
  source: null,
  state: 'idle',
  since: time(0),
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

export function updateRoutes(app: Api, { updates, updatesFault }: Services): void {
  const current = (): Updates => {
    const found = updates?.();
    if (found !== undefined) return found;
    if (updatesFault !== undefined) throw new LookdialError('updates-invalid', updatesFault);
    throw new LookdialError(
      'updates-unset',
      'Set where they come from (LOOKDIAL_UPDATES), and start the daemon again.',
    );
  };
  const tags = { config: { access: 'admin' } } as const;

  app.get(
    '/api/v1/updates',
    {
      ...tags,
      schema: {
        operationId: 'updates',
        summary: 'How the updates of the model stand',
        response: { 200: named('Updates'), ...failures() },
      },
    },
    async () => {
      const found = updates?.();
      return found === undefined ? { ...NONE, failure: updatesFault ?? null } : view(found);
    },
  );

  app.post(
    '/api/v1/updates::check',
    {
      ...tags,
      schema: {
        operationId: 'checkForUpdates',
        summary: 'Look for an update now',
        description:
          'It is fetched where it is for this box. How it ends is in `lastCheck`; `update` events tell how it goes.',
        response: { 202: named('Updates'), ...failures('updates-unset', 'updates-invalid', 'origin-not-allowed') },
      },
    },
    async (_request, reply) => {
      const found = current();
      void found.check();
      return reply.code(202).send(view(found));
    },
  );

  app.post(
    '/api/v1/updates::apply',
    {
      ...tags,
      schema: {
        operationId: 'applyUpdate',
        summary: 'Go over to the newest release now',
        description:
          'Whatever the hour. It is fetched first where it is not here yet, and tried before it serves. How it ends is in `state`, `failure` and `history`.',
        response: { 202: named('Updates'), ...failures('updates-unset', 'updates-invalid', 'origin-not-allowed') },
      },
    },
    async (_request, reply) => {
      const found = current();
      // How it ends is kept: whoever asked has gone.
      void found.apply().catch(() => undefined);
      return reply.code(202).send(view(found));
    },
  );

  app.post(
    '/api/v1/updates::rollback',
    {
      ...tags,
      schema: {
        operationId: 'rollBack',
        summary: 'Go back to the model before',
        description: 'The release that is left is not tried again on this box.',
        response: {
          202: named('Updates'),
          ...failures('updates-unset', 'updates-invalid', 'no-update', 'origin-not-allowed'),
        },
      },
    },
    async (_request, reply) => {
      const found = current();
      if (!found.canRollBack) {
        throw new LookdialError('no-update', 'The model that came with the program serves: there is none before it.');
      }
      void found.rollBack().catch(() => undefined);
      return reply.code(202).send(view(found));
    },
  );
}
