/** The publisher's keys: a folder of `NAME.key.pem`, private and under a passphrase, and `NAME.pub.pem`, which anybody may see. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import { makeFolderDurably, replaceDurably, syncFolder } from '../../device/inventory/durable.ts';
import { encryptPrivateKey, type ScryptCost } from './pkcs8.ts';

export interface PublicKey {
  /** What people call it: its file's name without the ending. */
  readonly name: string;
  readonly path: string;
  /** The 32 bytes of an Ed25519 key in hex, as TUF writes them. */
  readonly value: string;
}

/** Signs with one key, once its passphrase was told. */
export interface Signer extends PublicKey {
  /** @returns the signature in hex */
  sign(bytes: Uint8Array): string;
}

const MIN_PASSPHRASE = 12;
const PUBLIC_ENDING = '.pub.pem';
const PRIVATE_ENDING = '.key.pem';
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MAX_NAME = 40;
export const isKeyName = (name: string): boolean => NAME.test(name) && name.length <= MAX_NAME;
/** A key takes some 300 bytes. */
const MAX_KEY_BYTES = 10_000;
/** What comes before the 32 bytes of an Ed25519 key in SPKI. */
const SPKI_HEAD_BYTES = 12;
const OTHERS = 0o077;

const unusable = (path: string, message: string, cause?: unknown): LookdialError =>
  new LookdialError('access-invalid', `${path}: ${message}`, cause === undefined ? {} : { cause });

const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(3, '0');

/** @throws LookdialError `access-invalid` where others than its owner may do anything with it */
function checkMode(path: string, mode: number, wanted: '600' | '700'): void {
  if ((mode & OTHERS) === 0) return;
  const what = wanted === '700' ? 'the folder of keys' : 'the file';
  throw unusable(
    path,
    `others on this machine may open ${what} (its mode is ${octal(mode)}). If nobody can have copied a key, close it: ` +
      `chmod ${wanted} ${path}. Where they may have, put another key in its place: npm run bundle -- rotate.`,
  );
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw unusable(
      folder,
      'there is no such folder of keys. Make a key in it: npm run bundle -- key NAME --keys FOLDER.',
    );
  }
  checkMode(folder, found.mode, '700');
}

/** Reads a file that is its owner's alone. @throws LookdialError `access-invalid` */
export async function readSecretFile(path: string): Promise<string> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (cause) {
    throw unusable(path, `it cannot be read: ${(cause as Error).message}.`, cause);
  }
  try {
    const { mode, size } = await file.stat();
    checkMode(path, mode, '600');
    if (size > MAX_KEY_BYTES) throw unusable(path, `it holds ${size} bytes, which is no key and no passphrase.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const publicBytes = (key: KeyObject): string =>
  key.export({ type: 'spki', format: 'der' }).subarray(SPKI_HEAD_BYTES).toString('hex');

/**
 * Reads the public half of a key.
 * @throws LookdialError `access-invalid` where the file is none
 */
export async function readPublicKey(path: string): Promise<PublicKey> {
  let key: KeyObject;
  try {
    const text = await readFile(path, 'utf8');
    if (text.includes('PRIVATE KEY')) throw new Error('it is a private key, which is never handed over');
    key = createPublicKey(text);
  } catch (cause) {
    const next = `Give the ${PUBLIC_ENDING} file that npm run bundle -- key has written.`;
    throw unusable(path, `it is not read as a public key: ${(cause as Error).message}. ${next}`, cause);
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw unusable(path, `it is a key of the kind ${key.asymmetricKeyType}, expected ed25519.`);
  }
  return { name: basename(path).replace(/(\.pub)?\.pem$/, ''), path, value: publicBytes(key) };
}

/**
 * The keys of a folder, by their public halves.
 * @throws LookdialError `access-invalid` where others may open the folder
 */
export async function keysIn(folder: string): Promise<PublicKey[]> {
  await checkFolder(folder);
  const names = (await readdir(folder)).filter(name => name.endsWith(PUBLIC_ENDING)).sort();
  return await Promise.all(names.map(name => readPublicKey(join(folder, name))));
}

/** @throws LookdialError `access-invalid` where the passphrase is too short to keep anybody out */
export function checkPassphrase(passphrase: string, name: string): void {
  if (passphrase.length >= MIN_PASSPHRASE) return;
  throw new LookdialError(
    'access-invalid',
    `The passphrase of ${name} has ${passphrase.length} characters; take ${MIN_PASSPHRASE} or more. Four words do well.`,
  );
}

/** @throws LookdialError `invalid-request` where a key may not be called that, `access-invalid` where one is already */
export async function checkNewKey(folder: string, name: string): Promise<void> {
  if (!isKeyName(name)) {
    throw new LookdialError(
      'invalid-request',
      `“${name}” cannot name a key: take lower case letters, digits and hyphens, ${MAX_NAME} at most.`,
    );
  }
  if ((await stat(folder).catch(() => undefined)) !== undefined) await checkFolder(folder);
  for (const ending of [PRIVATE_ENDING, PUBLIC_ENDING]) {
    const path = join(folder, name + ending);
    if ((await stat(path).catch(() => undefined)) === undefined) continue;
    throw unusable(path, 'it is there already, and is not written over. Take another name for the new key.');
  }
}

/**
 * Makes a key. The private half is on the disk before the public one is: a public half that was handed out can sign.
 * @param cost of trying a passphrase; tests take a small one
 * @throws LookdialError `invalid-request` or `access-invalid`
 */
export async function makeKey(folder: string, name: string, passphrase: string, cost?: ScryptCost): Promise<PublicKey> {
  await checkNewKey(folder, name);
  checkPassphrase(passphrase, name);
  if ((await stat(folder).catch(() => undefined)) === undefined) {
    await makeFolderDurably(dirname(resolve(folder)));
    await makePrivateFolder(folder);
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const file = await open(join(folder, name + PRIVATE_ENDING), 'wx', 0o600);
  try {
    await file.writeFile(encryptPrivateKey(privateKey, passphrase, cost));
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(folder);
  const path = join(folder, name + PUBLIC_ENDING);
  await replaceDurably(path, Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })));
  return { name, path, value: publicBytes(publicKey) };
}

async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await syncFolder(dirname(resolve(folder)));
}

/**
 * Opens the private half that lies beside a public one.
 * @throws LookdialError `access-invalid` for a file that others may open, for a wrong passphrase, or for halves that do not belong together
 */
export async function openKey(key: PublicKey, passphrase: string): Promise<Signer> {
  const path = key.path.slice(0, -PUBLIC_ENDING.length) + PRIVATE_ENDING;
  const text = await readSecretFile(path);
  let opened: KeyObject;
  try {
    opened = createPrivateKey({ key: text, passphrase });
  } catch (cause) {
    if (!text.includes('ENCRYPTED PRIVATE KEY'))
      throw unusable(path, 'it is not a private key under a passphrase.', cause);
    throw unusable(path, 'the passphrase is not the one of this key. Nothing was signed; try again.', cause);
  }
  if (publicBytes(createPublicKey(opened)) !== key.value) {
    throw unusable(
      path,
      `it is another key than ${key.path} is the public half of. Put the two that belong together side by side.`,
    );
  }
  return { ...key, sign: bytes => sign(null, bytes, opened).toString('hex') };
}
