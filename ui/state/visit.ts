import type { HelpAsked } from '../lib/help-api.ts';
import { type Clock, clock } from '../lib/rest.ts';
import type { Language } from '../locales/index.ts';
import { Attendance } from './attendance.ts';
import { Calling } from './calling.ts';
import type { Kept } from './kept.ts';

/** What makes the screen fit whoever stands before it. */
export interface Aids {
  readonly larger: boolean;
  readonly contrast: boolean;
  readonly lower: boolean;
}

const NO_AIDS: Aids = { larger: false, contrast: false, lower: false };

interface VisitSettings {
  /** The store's own language. */
  readonly language: Language;
  readonly idleMs: number | undefined;
  readonly place: string;
  readonly occupied: () => boolean;
  /** The shopper has gone: what is kept elsewhere is forgotten too. */
  readonly left: () => void;
}

/** One person's time at the screen, beside what they dial: all of it in memory, and wiped when they have gone. Says `change`. */
export class Visit extends EventTarget {
  readonly #settings: VisitSettings;
  readonly attendance: Attendance;
  readonly kept: Kept;
  readonly calling: Calling;
  language: Language;
  aids: Aids = NO_AIDS;
  /** What lies open over the page. */
  sheet: 'languages' | 'kept' | 'call' | undefined;

  constructor(settings: VisitSettings, help: Pick<HelpAsked, 'call' | 'look'>, kept: Kept, time: Clock = clock) {
    super();
    this.kept = kept;
    this.#settings = settings;
    this.language = settings.language;
    this.calling = new Calling(help, settings.place, time);
    this.attendance = new Attendance({ ...settings, left: () => this.#leave() }, time);
    for (const part of [this.attendance, this.kept, this.calling]) {
      part.addEventListener('change', () => this.#changed());
    }
  }

  speak(language: Language): void {
    this.language = language;
    this.#changed();
  }

  /** Turns an aid on, or off again. */
  help(aid: keyof Aids): void {
    this.aids = { ...this.aids, [aid]: !this.aids[aid] };
    this.#changed();
  }

  open(sheet: Visit['sheet']): void {
    this.sheet = sheet;
    // A hand that asks for somebody has asked: it need not say so twice.
    if (sheet === 'call' && (this.calling.state === 'none' || this.calling.state === 'failed')) void this.calling.ask();
    this.#changed();
  }

  #leave(): void {
    this.language = this.#settings.language;
    this.aids = NO_AIDS;
    this.sheet = undefined;
    this.kept.wipe();
    this.calling.wipe();
    this.#settings.left();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
