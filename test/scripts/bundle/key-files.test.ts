import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmod, copyFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { keysIn, makeKey, openKey, readPublicKey, readSecretFile } from '../../../scripts/bundle/key-files.ts';
import { encryptPrivateKey } from '../../../scripts/bundle/pkcs8.ts';
import { CHEAP } from '../../support/publisher.ts';
import { temporaryFolder } from '../../support/store.ts';

const PASSPHRASE = 'four words and a half';
const SCRYPT = '06092b06010401da47040b';
const AES_256_CBC = '060960864801650304012a';

async function folderOf(t: TestContext): Promise<string> {
  return join(await temporaryFolder(t), 'keys');
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('a key', () => {
  it('lies in a folder and a file of its owner alone, and signs what its public half verifies', async t => {
    const folder = await folderOf(t);
    const made = await makeKey(folder, 'root-anna', PASSPHRASE, CHEAP);
    assert.deepEqual(await readdir(folder), ['root-anna.key.pem', 'root-anna.pub.pem']);
    assert.equal(await modeOf(folder), 0o700);
    assert.equal(await modeOf(join(folder, 'root-anna.key.pem')), 0o600);
    assert.deepEqual(await keysIn(folder), [made]);
    const signer = await openKey(made, PASSPHRASE);
    const bytes = Buffer.from('what is signed');
    const key = createPublicKey(await readFile(made.path, 'utf8'));
    assert.ok(verify(null, bytes, key, Buffer.from(signer.sign(bytes), 'hex')));
    assert.equal(key.export({ format: 'jwk' }).x, Buffer.from(made.value, 'hex').toString('base64url'));
  });

  it('is under its passphrase by scrypt of 16 MiB five times and AES-256, in a form that Node itself reads', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = encryptPrivateKey(privateKey, PASSPHRASE);
    assert.match(pem, /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n([A-Za-z0-9+/]{1,64}=*\n)+-----END/);
    const der = Buffer.from(pem.replaceAll(/-----.*-----/g, ''), 'base64').toString('hex');
    const parameters = new RegExp(`${SCRYPT}301f0410[0-9a-f]{32}02024000020108020105020120`.replace('301f', '30..'));
    assert.match(der, parameters, 'N = 16,384, r = 8, p = 5, 32 bytes');
    assert.ok(der.includes(AES_256_CBC));
    assert.ok(createPrivateKey({ key: pem, passphrase: PASSPHRASE }).equals(privateKey));
    assert.throws(() => createPrivateKey({ key: pem, passphrase: `${PASSPHRASE} ` }));
    const other = encryptPrivateKey(privateKey, PASSPHRASE, CHEAP);
    const again = encryptPrivateKey(privateKey, PASSPHRASE, CHEAP);
    assert.notEqual(other, again, 'another salt each time');
  });

  it('is never written over, and takes a name and a passphrase that are some', async t => {
    const folder = await folderOf(t);
    await makeKey(folder, 'targets', PASSPHRASE, CHEAP);
    const before = await readFile(join(folder, 'targets.key.pem'));
    await assert.rejects(makeKey(folder, 'targets', PASSPHRASE, CHEAP), /targets\.key\.pem: it is there already/);
    await rm(join(folder, 'targets.key.pem'));
    await assert.rejects(makeKey(folder, 'targets', PASSPHRASE, CHEAP), /targets\.pub\.pem: it is there already/);
    await writeFile(join(folder, 'targets.key.pem'), before, { mode: 0o600 });
    for (const name of ['', 'Anna', '../anna', 'a b', '-', 'x'.repeat(41)]) {
      await assert.rejects(makeKey(folder, name, PASSPHRASE, CHEAP), /cannot name a key/, name);
    }
    await assert.rejects(makeKey(folder, 'short', 'eleven char', CHEAP), /has 11 characters; take 12 or more/);
    assert.deepEqual(await readdir(folder), ['targets.key.pem', 'targets.pub.pem']);
  });

  it('is refused where others may open it or its folder, with what to do', async t => {
    const folder = await folderOf(t);
    const made = await makeKey(folder, 'targets', PASSPHRASE, CHEAP);
    const path = join(folder, 'targets.key.pem');
    for (const mode of [0o640, 0o604, 0o620, 0o601]) {
      await chmod(path, mode);
      await assert.rejects(openKey(made, PASSPHRASE), (error: Error) => {
        const shown = mode.toString(8);
        return error.message.includes(`its mode is ${shown}`) && error.message.includes(`chmod 600 ${path}`);
      });
    }
    await chmod(path, 0o400);
    await openKey(made, PASSPHRASE);
    await chmod(folder, 0o750);
    await assert.rejects(keysIn(folder), (error: Error) => error.message.includes(`chmod 700 ${folder}`));
    await assert.rejects(makeKey(folder, 'more', PASSPHRASE, CHEAP), /chmod 700/);
    await assert.rejects(keysIn(join(folder, 'none')), /there is no such folder of keys\. Make a key in it/);
  });

  it('is opened by its own passphrase alone, and by the half that belongs to it', async t => {
    const folder = await folderOf(t);
    const [one, other] = [
      await makeKey(folder, 'one', PASSPHRASE, CHEAP),
      await makeKey(folder, 'other', PASSPHRASE, CHEAP),
    ];
    await assert.rejects(
      openKey(one, 'four words and a third'),
      /one\.key\.pem: the passphrase is not the one of this key/,
    );
    await copyFile(join(folder, 'other.key.pem'), join(folder, 'one.key.pem'));
    await assert.rejects(openKey(one, PASSPHRASE), /one\.key\.pem: it is another key than .*one\.pub\.pem/);
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeFile(join(folder, 'one.key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await assert.rejects(openKey({ ...one, value: other.value }, PASSPHRASE), /it is another key/);
    await writeFile(join(folder, 'one.key.pem'), 'nothing');
    await assert.rejects(openKey(one, PASSPHRASE), /it is not a private key under a passphrase/);
    await writeFile(join(folder, 'one.key.pem'), Buffer.alloc(10_001));
    await assert.rejects(openKey(one, PASSPHRASE), /it holds 10001 bytes/);
    await rm(join(folder, 'one.key.pem'));
    await assert.rejects(openKey(one, PASSPHRASE), /one\.key\.pem: it cannot be read/);
    await assert.rejects(readSecretFile(folder), /cannot be read|EISDIR/);
  });

  it('is of one kind', async t => {
    const folder = await temporaryFolder(t);
    const path = join(folder, 'old.pub.pem');
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(path, publicKey.export({ type: 'spki', format: 'pem' }));
    await assert.rejects(readPublicKey(path), /old\.pub\.pem: it is a key of the kind ec, expected ed25519/);
    await writeFile(path, 'nothing');
    await assert.rejects(readPublicKey(path), /it is not read as a public key/);
  });
});
