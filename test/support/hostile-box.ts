/** A box that serves a store by real nets, each in a process of its own, and is offered a release that means it ill. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { EventHub } from '../../device/events.ts';
import { type Bundle, openBundle } from '../../device/inference/bundle.ts';
import { type Inference, startInference } from '../../device/inference/inference.ts';
import type { Release } from '../../device/updates/release.ts';
import { UPDATE_DATABASE, UpdateDatabase } from '../../device/updates/update-database.ts';
import { UpdateProgress } from '../../device/updates/update-progress.ts';
import type { Updates } from '../../device/updates/updates.ts';
import { afterwards } from './afterwards.ts';
import { type OpenStore, openStore } from './arrivals.ts';
import { bundleOf, type TestModel } from './bundle.ts';
import { CPU_OPTIONS } from './bundle-inference.ts';
import { indexedStore } from './indexed-store.ts';
import { UpdateBox } from './update-box.ts';
import { updatesOver } from './updates-over.ts';
import { assertMatched, until } from './updating-looks.ts';

/** What no model of these tests breaks, unless it is the one that is to. */
export const WIDE: Release['limits'] = {
  decodeP95Ms: 5_000,
  encodeP95Ms: 5_000,
  residentBytes: 2 ** 33,
  selfRecall: 0.5,
};
/** Silence of a net that owes an answer, before its process is ended, milliseconds: a sound one answers within some. */
const PATIENCE_MS = 1_500;

export class HostileBox {
  readonly updates: Updates;
  readonly opened: OpenStore;
  /** Nets that were started, in their order: those that serve, and those of each release that was tried. */
  readonly started: Inference[] = [];
  /** Told of each further one. */
  onStart: (inference: Inference) => void = () => undefined;
  readonly #box: UpdateBox;

  private constructor(box: UpdateBox, opened: OpenStore, parts: Omit<Parameters<typeof updatesOver>[0], 'start'>) {
    this.#box = box;
    this.opened = opened;
    const start = async (bundle: Bundle): Promise<Inference> => {
      const inference = await startNets(bundle);
      this.started.push(inference);
      this.onStart(inference);
      return inference;
    };
    this.updates = updatesOver({ ...parts, start }, { probation: { lastsMs: 60_000, everyMs: 50 } });
  }

  static async make(t: TestContext): Promise<HostileBox> {
    const at = await indexedStore(t);
    const box = await UpdateBox.make(t);
    const settings = await openBundle(at.bundle);
    const inference = await startNets(settings);
    const opened = await openStore(t, at, { bundle: settings, inference });
    const database = new UpdateDatabase(join(at.data, UPDATE_DATABASE));
    const { clock, source, root } = box;
    const { store, editions, catalogue } = opened;
    const made = new HostileBox(box, opened, {
      data: at.data,
      database,
      progress: new UpdateProgress(database),
      source,
      root,
      clock,
      store,
      editions,
      catalogue,
      events: new EventHub(),
      log: { info: () => undefined, warn: () => undefined },
      settings,
    });
    made.started.push(inference);
    afterwards(t, async () => {
      await made.updates.close();
      await opened.close();
      database.close();
    });
    return made;
  }

  publish(release: number, model: TestModel, limits: Partial<Release['limits']> = {}): void {
    this.#box.publish(release, { parts: bundleOf(model), limits: { ...WIDE, ...limits } });
  }

  get version(): string | undefined {
    return this.opened.editions.edition?.bundle.manifest.version;
  }

  /** The nets that serve. */
  get serving(): Inference {
    return this.opened.editions.edition?.inference ?? assert.fail('something serves');
  }

  /** Holds the box to serving what it came with, to remembering the release as bad, and to not trying it again. */
  async assertWithstood(why: RegExp): Promise<void> {
    await until(() => this.updates.state.state === 'idle', 'it is over');
    assert.equal(this.version, '1.2.3');
    const { verdict, reason } = this.updates.history()[0] ?? {};
    assert.equal(verdict, 'bad');
    assert.match(reason ?? '', why);
    const { rgba } = await this.serving.decode([0, 0, 0, 0, 0, 0]);
    assert.ok(rgba.length > 0, 'a shopper is answered');
    assertMatched(this.opened);
    const outcome = await this.updates.check();
    assert.equal(outcome.kind === 'refused' && outcome.reason, 'release-bad');
  }
}

const startNets = (bundle: Bundle): Promise<Inference> =>
  startInference(bundle, { ...CPU_OPTIONS, requestTimeoutMs: PATIENCE_MS });
