import type { Room } from '../../lib/filters.ts';
import type { Wider } from '../../state/widening.ts';

/** What a shopper chooses beside turning dials: kinds, filters, what matters, what stays, what is kept. */
export interface DesignTexts {
  /** Over the pictures of the kinds. */
  readonly pick: string;
  /** How many garments of a kind hang here. */
  readonly here: (garments: number) => string;

  readonly filters: string;
  readonly rooms: Readonly<Record<Room, string>>;
  /** Where a room wants nothing. */
  readonly any: Readonly<Record<Room, string>>;
  /** Over the choices of a room. */
  readonly ask: Readonly<Record<Room, string>>;
  readonly upTo: (price: string) => string;
  readonly between: (from: string, to: string) => string;
  readonly from: (price: string) => string;
  readonly done: string;
  readonly clear: string;
  /** A choice, and how many garments it leaves, for those who hear it; the number as the screen has it, so that it can be said to choose it. */
  readonly leaves: (choice: string, garments: number) => string;
  /** What a tap takes away where nothing close passes the filters. */
  readonly widen: Readonly<Record<Wider, string>>;

  /** Buttons under the dials, and what is said while dials are chosen. */
  readonly whatMatters: string;
  readonly tapWhatMatters: string;
  readonly matters: string;
  readonly mattersNot: string;
  /** Above the rail, where garments are matched on what matters alone. */
  readonly closeInWhatMatters: string;
  readonly whatStays: string;
  readonly tapWhatStays: string;
  readonly stays: string;
  readonly staysNot: string;
  /** Said with a dial's place. */
  readonly spokenMatters: string;
  readonly spokenStays: string;

  readonly goesWith: string;
  readonly nothingGoesWith: string;

  readonly keep: string;
  readonly kept: string;
  readonly shelfFull: string;
  readonly shelf: (garments: number) => string;
  readonly shelfTitle: string;
  readonly shelfEmpty: string;
  readonly letGo: (title: string) => string;
  /** A kept garment that is in the store's list no more. */
  readonly goneFromStore: string;

  readonly blend: string;
  readonly blendTitle: string;
  readonly blendMine: string;
  readonly blendTheirs: string;
  readonly blendPlace: (percent: number) => string;
  readonly blendTake: string;
  readonly blendBack: string;
}
