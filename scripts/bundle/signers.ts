/** The keys at hand, opened once each as they are needed. */
import { LookdialError } from '../../device/errors.ts';
import { named } from './describe.ts';
import { keysIn, openKey, type PublicKey, type Signer } from './key-files.ts';
import { isTrusted, keysFor, publicValue, type Role, type Signed, signWith } from './metadata.ts';
import type { Setting } from './setting.ts';

/** @throws LookdialError `invalid-request` where no folder is given, `access-invalid` where one cannot be used */
export async function keysOfFolders(folders: readonly string[]): Promise<PublicKey[]> {
  if (folders.length === 0) throw new LookdialError('invalid-request', 'Say where the keys are: --keys FOLDER.');
  return (await Promise.all(folders.map(keysIn))).flat();
}

export class Signers {
  readonly #keys: readonly PublicKey[];
  readonly #setting: Setting;
  readonly #opened = new Map<string, Signer>();

  constructor(keys: readonly PublicKey[], setting: Setting) {
    this.#keys = keys;
    this.#setting = setting;
  }

  /** @throws LookdialError `access-invalid` for a wrong passphrase, or a file that others may open */
  async open(key: PublicKey): Promise<Signer> {
    const signer = this.#opened.get(key.value) ?? (await openKey(key, await this.#setting.passphrases.of(key.name)));
    this.#opened.set(key.value, signer);
    return signer;
  }

  /**
   * Signs so that each of some roots trusts it: the one that will be in place, and the one that is.
   * @param lost the second one's key is given up
   * @throws LookdialError `access-invalid` where a key is not at hand
   */
  async sign(metadata: Signed, role: Role, judges: readonly Signed<'root'>[], lost: boolean): Promise<void> {
    for (const [place, judge] of judges.entries()) {
      if (isTrusted(judge, role, metadata)) continue;
      const wanted = keysFor(judge, role);
      const found = this.#keys.find(key => wanted.some(one => publicValue(one) === key.value));
      if (found !== undefined) signWith(metadata, await this.open(found), judge, role);
      else if (place === 0 || !lost) throw this.#missing(role, named(wanted), place > 0);
    }
  }

  #missing(role: Role, names: string, goes: boolean): LookdialError {
    const next = goes
      ? 'It is to sign a last time, so that no box sees the change. Is it gone, or not to be trusted any more, say --lost.'
      : 'Give the folder that has it, too: --keys FOLDER.';
    const { keys, staged } = this.#setting;
    return new LookdialError(
      'access-invalid',
      `The ${role} key ${names} is not in ${keys.join(', ')}. ${next} What is staged in ${staged} stays there.`,
    );
  }
}
