/** What a suite of the bench is: a name to filter by, and a run that gives tables. */
import type { Config } from '../../device/config.ts';

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A figure that was promised. */
export interface Bar {
  readonly what: string;
  readonly unit: string;
  readonly got: number;
  readonly atMost: number;
}

export interface Result {
  readonly tables: readonly Table[];
  readonly bars?: readonly Bar[];
  /** A number that depends on every answer, so that no work can be left out. */
  readonly sink: number;
}

export interface Context {
  readonly config: Config;
  /** Timed runs of a row. */
  readonly runs: number;
  readonly seed: number;
  /** Sizes of made-up stores, and their dimensions. */
  readonly garments: readonly number[];
  readonly dimensions: readonly number[];
  /** How `load` is measured. */
  readonly load: {
    readonly minutes: number;
    /** Shoppers at once, each with a connection of its own. */
    readonly clients: number;
    /** Whether a till writes stock meanwhile. */
    readonly writer: boolean;
  };
  /** The connection file of the database that `chain` is measured on; undefined for one in this process. */
  readonly connection?: string | undefined;
  /** Says what is going on. */
  readonly say: (line: string) => void;
}

export interface Suite {
  readonly name: string;
  /** One line: what it measures. */
  readonly about: string;
  /** Takes so long that it runs only where it is named. */
  readonly long?: true;
  run(context: Context): Promise<Result>;
}
