/** What every command of `npm run bundle` is given. */
import type { DurableFs } from '../../device/inventory/durable.ts';
import type { Terminal } from '../store/progress.ts';
import type { Lifetimes } from './lifetimes.ts';
import type { Passphrases } from './passphrases.ts';

export interface Setting {
  /** The repository's folder, which is served. */
  readonly repository: string;
  /** Where drafts wait. */
  readonly staged: string;
  /** Folders of keys. */
  readonly keys: readonly string[];
  readonly passphrases: Passphrases;
  readonly lifetimes: Lifetimes;
  readonly now: Date;
  readonly say: (line: string) => void;
  readonly terminal: Terminal;
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for another command that is at work, milliseconds; a few seconds unless said otherwise. */
  readonly patienceMs?: number | undefined;
  /** Another file system, to see what is left when a write fails. */
  readonly fs?: DurableFs | undefined;
}
