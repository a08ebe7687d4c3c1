import type { PairedScope, Scope } from '../../device/api/access.ts';
import type { CutOut } from '../../device/api/arrival-schemas.ts';
import type { UpdatesAnswer } from '../../device/api/update-schemas.ts';
import type { ErrorCode } from '../../device/errors.ts';
import type { Place } from '../lib/dial-maths.ts';
import type { Nearness } from '../lib/nearness.ts';
import type { KnownWord } from '../lib/words.ts';
import type { DesignTexts } from './design/texts.ts';
import type { TeamTexts } from './team/texts.ts';

/** Every text of the kiosk. A language that lacks one does not pass the type check. */
export interface Texts {
  /** BCP 47, also for money and numbers. */
  readonly locale: string;
  /** The language's own name. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';

  readonly invitation: string;
  readonly demonstration: string;
  readonly language: string;

  readonly stage: string;
  readonly stageOf: (kind: string) => string;
  readonly undo: string;
  readonly redo: string;
  readonly reset: string;
  readonly surprise: string;
  readonly history: string;
  /** A look earlier on the thread; 1 is the oldest. */
  readonly look: (number: number) => string;

  /** Over the rail; `very-one` where the first match is what was dialled. */
  readonly verdict: Readonly<Record<'very-one' | 'in-stock-like' | 'nearest-we-have' | 'nothing-close', string>>;
  readonly rail: string;
  readonly nearness: Readonly<Record<Nearness, string>>;
  /** How much of the likelihood this garment holds among all here, 0..100. */
  readonly likeness: (percent: number) => string;
  readonly soldOut: string;
  readonly emptyRail: string;
  readonly emptyStore: string;

  readonly kinds: string;
  readonly everything: string;

  readonly dials: string;
  readonly unnamedDial: (number: number) => string;
  readonly moreDials: string;
  readonly firstDials: string;
  /** Accessible name of a step button: the dial and the end it goes to. */
  readonly towards: (dial: string, end: string) => string;
  /** The ends of a dial that has no words of its own. */
  readonly less: string;
  readonly more: string;
  readonly place: (place: Place, low: string, high: string) => string;

  readonly close: string;
  readonly garment: string;
  readonly priceOnRequest: string;
  readonly sizes: string;
  readonly sizesUnknown: string;
  readonly lastOne: string;
  readonly where: string;
  readonly whereUnknown: string;
  readonly startFromThis: string;
  readonly moreLikeThis: string;
  readonly similar: string;
  readonly notDialled: string;

  /** What is chosen beside turning dials. */
  readonly design: DesignTexts;
  readonly attract: AttractTexts;
  readonly idle: IdleTexts;
  readonly aids: AidsTexts;
  readonly kept: KeptTexts;
  readonly call: CallTexts;
  /** The map of the store. */
  readonly map: MapTexts;

  /** The other shops of the chain. */
  readonly chain: ChainTexts;

  readonly staff: StaffTexts;

  readonly starting: string;
  readonly gone: string;
  readonly goneDetail: string;
  readonly errors: Readonly<Record<ErrorCode, string>>;
  readonly words: Readonly<Record<KnownWord, string>>;
}

/** The shop window while nobody is there. */
export interface AttractTexts {
  readonly touch: string;
  /** What is to be seen, for those who hear it. */
  readonly window: string;
  /** Where there is nothing to show yet. */
  readonly empty: string;
}

/** When nobody has touched the screen for a while. */
export interface IdleTexts {
  readonly still: string;
  readonly wiped: (seconds: number) => string;
  readonly goOn: string;
}

/** What makes the screen fit whoever stands before it; one short word each, under its sign. */
export interface AidsTexts {
  readonly label: string;
  readonly text: string;
  readonly contrast: string;
  readonly lower: string;
}

/** What the shopper keeps, and takes away on a phone. */
export interface KeptTexts {
  /** Under its sign; one short word. */
  readonly entry: string;
  readonly title: string;
  readonly count: (garments: number) => string;
  readonly none: string;
  readonly remove: (title: string) => string;
  readonly asList: string;
  readonly asPage: string;
  readonly listHint: string;
  readonly pageHint: string;
  readonly code: string;
  /** One of several codes, where the list is long. */
  readonly part: (part: number, parts: number) => string;
  /** Over the list that lands on the phone. */
  readonly from: (shop: string) => string;
  readonly size: (size: string) => string;
  /** On the phone: it was here when it was kept. */
  readonly gone: string;
  /** On the phone: the box does not answer. */
  readonly away: string;
}

/** Calling somebody of the team. */
export interface CallTexts {
  /** Under its sign; one short word. */
  readonly entry: string;
  readonly calling: string;
  /** The box has taken the call. */
  readonly called: string;
  /** Somebody of the team has said so. */
  readonly coming: string;
  readonly failed: string;
  readonly again: string;
}

/** The map of the store. */
export interface MapTexts {
  /** On the button that opens it. */
  readonly open: string;
  readonly title: string;
  readonly hint: string;
  readonly close: string;
  readonly closer: string;
  readonly farther: string;
  readonly whole: string;
  /** Names the list of places. */
  readonly places: string;
  /** A place, for those who hear it: its name, and how many garments are there. */
  readonly place: (name: string, garments: number) => string;
  /** A place whose garments share no word of the catalogue. */
  readonly unnamed: (title: string) => string;
  /** Cloth of one colour: the pattern that is none. */
  readonly plain: string;
  readonly drawing: string;
  /** Nothing of the kind is on the map. */
  readonly empty: string;
  /** Over what is dialled now. */
  readonly here: string;
  readonly look: string;
}

/** What hangs in the chain's other shops. */
export interface ChainTexts {
  readonly label: string;
  /** Where the chain did not answer. */
  readonly storeAlone: string;
  /** Where it has nothing of the kind. */
  readonly nothing: string;
  readonly pieces: (pieces: number) => string;
  /** Over the list of shops. */
  readonly where: string;
  /** Shops beyond those that are named. */
  readonly more: (shops: number) => string;
  readonly hold: string;
  readonly whichSize: string;
  readonly holding: string;
  readonly asked: string;
  /** Beside the code. */
  readonly held: string;
}

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
