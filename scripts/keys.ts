/** `npm run keys -- COMMAND`: keys, PIN and certificate from a shell on the box, for one that has no screen or whose PIN is forgotten. */
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { Access } from '../device/access/access.ts';
import { ACCESS_DATABASE } from '../device/access/access-database.ts';
import type { Key } from '../device/access/keys.ts';
import { SCOPES, type Scope } from '../device/access/who.ts';
import { readConfig } from '../device/config.ts';
import { LookdialError } from '../device/errors.ts';
import { makeFolderDurably } from '../device/inventory/durable.ts';
import { runCommand } from './store/command.ts';

const USAGE = `npm run keys -- COMMAND

  create --name NAME --scope watch|inventory|admin
      a new key; its token is printed once, alone on standard output
  list
      every key
  revoke ID
      takes a key back: the next request with it is refused
  pin
      sets the staff's PIN, and opens a lock; asks for it, or reads it from standard input
  certificate
      the certificate that the box made for itself, PEM, to hand to tills and tablets

It works on the state folder (LOOKDIAL_DATA), whether the daemon runs or not. docs/security.md tells the rest.`;

interface Given {
  readonly values: { readonly name?: string | undefined; readonly scope?: string | undefined };
  readonly id: string | undefined;
}

const doing = (command: string) => ({ who: { kind: 'local' }, address: null, what: `keys ${command}` }) as const;

function usage(message: string): never {
  throw new LookdialError('invalid-request', `${message}\n\n${USAGE}`);
}

function create(access: Access, { values }: Given): void {
  const { name, scope } = values;
  if (name === undefined) usage('Name it, so that it is known in the list: --name "Till 2".');
  if (!SCOPES.includes(scope as Scope))
    usage('Say what it may do: --scope watch, --scope inventory, or --scope admin.');
  const { key, token } = access.createKey(name, scope as Scope, doing('create'));
  console.error(`“${key.name}” has the key ${key.id} for ${key.scope}. Its token, which cannot be had again:`);
  console.log(token);
}

const day = (milliseconds: number | null): string =>
  milliseconds === null ? 'never' : new Date(milliseconds).toISOString().slice(0, 10);

const line = ({ id, scope, created, lastUsed, revoked, name }: Key): string => {
  const state = revoked === null ? `used ${day(lastUsed)}` : `taken back ${day(revoked)}`;
  return `${id}  ${scope.padEnd(9)}  made ${day(created)}  ${state.padEnd(21)}  ${name}`;
};

function list(access: Access): void {
  const keys = access.keys.list();
  if (keys.length === 0) console.error('There are no keys. Make one with: npm run keys -- create.');
  for (const key of keys) console.log(line(key));
}

function revoke(access: Access, { id }: Given): void {
  if (id === undefined) usage('Say which: its id is in npm run keys -- list.');
  const { name } = access.revokeKey(id, doing('revoke'));
  console.error(`“${name}” has no key any more.`);
}

/** Asks at a terminal without showing what is typed; elsewhere takes the first line. */
async function askPin(): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = process.stdin.isTTY;
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal });
  try {
    if (!terminal) return ((await lines[Symbol.asyncIterator]().next()).value ?? '').trim();
    process.stderr.write('The new PIN, 6 to 12 digits: ');
    const pin = (await lines.question('')).trim();
    process.stderr.write('\nOnce more: ');
    const again = (await lines.question('')).trim();
    process.stderr.write('\n');
    if (pin !== again)
      throw new LookdialError('invalid-request', 'Those were two different PINs. Nothing was changed.');
    return pin;
  } finally {
    lines.close();
  }
}

async function pin(access: Access): Promise<void> {
  await access.setPin(await askPin(), { replacing: true, doing: doing('pin') });
  console.error('The PIN is set.');
}

function certificate(access: Access): void {
  const { kept } = access.certificates;
  if (kept === undefined) {
    throw new LookdialError(
      'not-found',
      'The box has made none. It does so when it is started with LOOKDIAL_TLS=self-signed.',
    );
  }
  console.error(`SHA-256 fingerprint ${kept.fingerprint}, good until ${day(kept.validTo.getTime())}`);
  console.log(kept.certificate);
}

const COMMANDS: Readonly<Record<string, (access: Access, given: Given) => void | Promise<void>>> = {
  create,
  list,
  revoke,
  pin,
  certificate,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { name: { type: 'string' }, scope: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [name = '', id, more] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (values.help || command === undefined || more !== undefined) {
    (values.help ? console.log : console.error)(USAGE);
    return values.help ? 0 : 2;
  }
  const { data } = readConfig(process.env);
  // The first key may be what makes the folder: it is told once, and must not be lost with the folder's name.
  await makeFolderDurably(data);
  const access = Access.open(join(data, ACCESS_DATABASE));
  try {
    await command(access, { values, id });
    return 0;
  } finally {
    access.close();
  }
}

await runCommand(main, USAGE);
