/** A publisher of this machine's own, whose keys are made for the run and cost little to open. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { init } from '../../bundle/init.ts';
import { makeKey } from '../../bundle/key-files.ts';
import { LIFETIME_DAYS } from '../../bundle/lifetimes.ts';
import { make } from '../../bundle/make.ts';
import { publish } from '../../bundle/publish.ts';
import type { Setting } from '../../bundle/setting.ts';
import { sign } from '../../bundle/sign.ts';

const CHEAP = { N: 2, r: 1, p: 1 } as const;
const PASSPHRASE = 'nobody keeps these keys';
const NAMES = ['root-a', 'root-b', 'targets', 'snapshot', 'timestamp'] as const;

export class OwnPublisher {
  readonly repository: string;
  /** The file that a box trusts. */
  readonly root: string;
  readonly #folder: string;
  #release = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.repository = join(folder, 'repository');
    this.root = join(folder, 'root.json');
  }

  static async start(folder: string): Promise<OwnPublisher> {
    const publisher = new OwnPublisher(folder);
    const keys = join(folder, 'keys');
    await mkdir(keys, { mode: 0o700 });
    for (const name of NAMES) await makeKey(keys, name, PASSPHRASE, CHEAP);
    const path = (name: string): string => join(keys, `${name}.pub.pem`);
    const roles = { targets: [path('targets')], snapshot: [path('snapshot')], timestamp: [path('timestamp')] };
    await init(publisher.#setting, { root: [path('root-a'), path('root-b')], ...roles }, 2);
    await sign(publisher.#setting);
    return publisher;
  }

  /** Publishes a bundle for every box, with limits that every box keeps. @returns the release's number */
  async release(bundle: string): Promise<number> {
    const decisions = { decodeP95Ms: 10_000, encodeP95Ms: 10_000, selfRecall: 0 };
    await make(this.#setting, { bundle, decisions });
    await sign(this.#setting);
    await publish(this.#setting, {});
    if (this.#release === 0) await copyFile(join(this.repository, 'metadata', '1.root.json'), this.root);
    this.#release += 1;
    return this.#release;
  }

  get #setting(): Setting {
    return {
      repository: this.repository,
      staged: join(this.#folder, 'staged'),
      keys: [join(this.#folder, 'keys')],
      passphrases: { of: async () => PASSPHRASE, forNew: async () => PASSPHRASE, close: () => undefined },
      lifetimes: LIFETIME_DAYS,
      now: new Date(),
      say: () => undefined,
      terminal: { write: () => undefined },
      patienceMs: 0,
    };
  }
}
