import type { ErrorCode } from '../../device/errors.ts';
import type { Place } from '../lib/dial-maths.ts';
import type { Nearness } from '../lib/nearness.ts';
import type { KnownWord } from '../lib/words.ts';
import type { DesignTexts } from './design/texts.ts';
import type { StaffTexts } from './staff/texts.ts';

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
  /** Every size, colour and price again. */
  readonly everything: string;
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
