/** Who may change what on this box: keys, the staff's PIN, pairing, and the book of changes. One file of the state folder. */
import { AccessDatabase } from './access-database.ts';
import { Audit, KEPT } from './audit.ts';
import { Certificates } from './certificates.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Key, Keys } from './keys.ts';
import { Pairing } from './pairing.ts';
import { StaffPin } from './pin.ts';
import { StaffSession } from './staff-session.ts';
import type { Scope, Who } from './who.ts';

export interface AccessOptions {
  readonly clock?: Clock;
  /** scrypt's cost for a new PIN. */
  readonly pinCost?: number;
  /** Lines that the audit keeps. */
  readonly kept?: { readonly stock: number; readonly access: number };
}

/** Who does it, from where, and what it is called in the audit. */
export interface Doing {
  readonly who: Who;
  readonly address: string | null;
  readonly what: string;
}

export class Access {
  readonly #database: AccessDatabase;
  readonly keys: Keys;
  readonly pin: StaffPin;
  readonly staff: StaffSession;
  readonly pairing: Pairing;
  readonly audit: Audit;
  readonly certificates: Certificates;

  private constructor(database: AccessDatabase, { clock = systemClock, pinCost, kept = KEPT }: AccessOptions) {
    this.#database = database;
    this.keys = new Keys(database, clock);
    this.pin = new StaffPin(database, clock, pinCost);
    this.pairing = new Pairing(clock);
    // A code must not outlive the staff member who let it be shown.
    this.staff = new StaffSession(
      clock,
      () => this.pin.version,
      () => this.pairing.end(),
    );
    this.audit = new Audit(database, clock, kept);
    this.certificates = new Certificates(database);
  }

  /**
   * Opens the file, or makes it.
   * @param path `access.sqlite` of the state folder, or `:memory:`
   * @throws LookdialError `access-invalid` where it is not one
   */
  static open(path: string, options: AccessOptions = {}): Access {
    return new Access(new AccessDatabase(path), options);
  }

  /** A new key and its line in the audit. @throws LookdialError as `Keys.create` */
  createKey(name: string, scope: Scope, doing: Doing): { key: Key; token: string } {
    return this.#database.together(() => {
      const made = this.keys.create(name, scope);
      this.audit.record({ ...doing, subject: `${made.key.id} “${name}”, ${scope}`, keptLong: true }, 201);
      return made;
    });
  }

  /** @throws LookdialError as `Keys.revoke` */
  revokeKey(id: string, doing: Doing): Key {
    return this.#database.together(() => {
      const key = this.keys.revoke(id);
      this.audit.record({ ...doing, subject: `${key.id} “${key.name}”, ${key.scope}`, keptLong: true });
      return key;
    });
  }

  /** @throws LookdialError as `StaffPin.set` */
  async setPin(pin: string, { replacing, doing }: { replacing: boolean; doing: Doing }): Promise<void> {
    const along = (): void => this.audit.record({ ...doing, subject: null, keptLong: true }, 204);
    await this.pin.set(pin, { replacing, along });
    this.staff.end();
  }

  /** Opens a session for whoever knows the PIN. @returns its token. @throws LookdialError as `StaffPin.check` */
  async enter(pin: string, doing: Doing): Promise<string> {
    const version = await this.pin.check(pin);
    this.#database.together(() => this.audit.record({ ...doing, subject: null, keptLong: true }, 201));
    return this.staff.begin(version);
  }

  close(): void {
    this.#database.close();
  }
}
