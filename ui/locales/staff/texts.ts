import type { PairedScope, Scope } from '../../../device/api/access.ts';
import type { CutOut } from '../../../device/api/arrival-schemas.ts';
import type { UpdatesAnswer } from '../../../device/api/update-schemas.ts';
import type { TeamTexts } from '../team/texts.ts';

/** The staff's page. */
export interface StaffTexts extends TeamTexts {
  readonly title: string;
  readonly leave: string;
  readonly enterPin: string;
  readonly choosePin: string;
  readonly repeatPin: string;
  readonly pinHint: string;
  readonly pinLaw: string;
  readonly pinWeak: string;
  readonly pinsDiffer: string;
  readonly locked: (seconds: number) => string;
  readonly digits: (number: number) => string;
  readonly erase: string;
  readonly done: string;

  /** On a phone or tablet that has no key yet. */
  readonly enterCode: string;
  readonly codeHint: string;
  /** What such a device is called in the list of keys. */
  readonly handheld: string;
  /** The key of this phone or tablet was taken back. */
  readonly keyGone: string;
  readonly openGarments: string;
  readonly back: string;
  readonly garments: GarmentsTexts;

  readonly pair: string;
  readonly pairHint: string;
  readonly scope: Readonly<Record<Scope, string>>;
  readonly scopeHint: Readonly<Record<PairedScope, string>>;
  readonly typeCode: (scope: string) => string;
  readonly secondsLeft: (seconds: number) => string;
  readonly triesLeft: (tries: number) => string;
  readonly stop: string;
  readonly expired: string;
  readonly spent: string;
  readonly paired: (name: string) => string;

  readonly devices: string;
  readonly noDevices: string;
  readonly since: (day: string) => string;
  readonly lastUsed: (day: string) => string;
  readonly neverUsed: string;
  readonly takeBack: string;
  readonly takeBackOf: (name: string) => string;
  readonly takeBackSure: (name: string) => string;
  readonly keep: string;

  readonly updates: UpdatesTexts;
  readonly calls: StaffCallsTexts;

  readonly certificate: string;
  readonly certificateHint: (port: number, day: string) => string;
}

/** Calls from the screen, as staff see them. */
export interface StaffCallsTexts {
  readonly title: string;
  /** Which screen it came from, where it has a name. */
  readonly at: (place: string) => string;
  readonly come: string;
}

/** Updates of the model. */
export interface UpdatesTexts {
  readonly title: string;
  /** The model that came with the program serves. */
  readonly original: string;
  readonly serves: (version: string, day: string) => string;
  /** What is being done with a version. */
  readonly state: Readonly<Record<Exclude<UpdatesAnswer['state'], 'idle'>, (version: string) => string>>;
  readonly looking: string;
  readonly notLooked: string;
  readonly looked: (time: string) => string;
  /** Bytes. */
  readonly fetching: (done: number, total: number) => string;
  /** Pictures. */
  readonly encoding: (done: number, total: number) => string;
  /** A version that is here waits for these hours, as a clock shows them. */
  readonly waits: (from: string, to: string) => string;
  /** What a version that waits has done already. */
  readonly encoded: string;
  readonly notTaken: (pictures: number) => string;
  readonly failed: string;
  readonly alarm: string;
  readonly check: string;
  readonly apply: string;
  readonly rollBack: string;
  readonly rollBackSure: string;
  readonly stay: string;
}

/** Where staff find, photograph and take out garments. */
export interface GarmentsTexts {
  readonly title: string;
  readonly find: string;
  readonly findHint: string;
  /** Keys of a screen that has no keyboard, in order. */
  readonly letters: string;
  readonly space: string;
  readonly erase: string;
  readonly nothing: string;
  readonly noPhotograph: string;
  readonly photograph: string;
  readonly again: string;
  readonly photographHint: string;
  readonly photographElsewhere: string;
  readonly cutting: string;
  readonly taking: string;
  readonly removing: string;
  readonly looks: string;
  readonly cutout: string;
  readonly use: string;
  readonly taken: string;
  readonly another: string;
  readonly takeOut: string;
  readonly takeOutSure: (title: string) => string;
  readonly removed: string;
  /** What to look at in a cut-out, and what to do about it. */
  readonly doubts: Readonly<Record<CutOut['doubts'][number], string>>;
}
