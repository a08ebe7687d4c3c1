/**
 * A till, as small as one can be that never sells a garment twice and never forgets a sale: plain Node, nothing to install.
 * docs/integrator.md tells how to use it, and why it does what it does.
 *
 *   node till.js pair CODE               gets a key for the code on the screen
 *   node till.js count SKU SIZE NUMBER   so many are there now
 *   node till.js sell SKU SIZE           one fewer
 *   node till.js deliver SKU SIZE NUMBER so many more
 *   node till.js send                    sends what is still waiting
 *   node till.js listen                  says what changes in the store, until it is stopped
 *
 * BOX is the box's address, http://127.0.0.1:8080 unless it is set; TILL the folder of the till's files, `till` unless it is set.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BOX = process.env.BOX ?? 'http://127.0.0.1:8080';
const FOLDER = process.env.TILL ?? 'till';
const NAME = process.env.TILL_NAME ?? 'till-1';
/** So many changes go into one order; the box takes 500. */
const MOST = 500;
/** What the box says where its count of this till's orders is another. */
const LOST_COUNT = ['sequence-mismatch', 'idempotency-conflict'];
/** The longest wait between two tries, milliseconds. */
const LONGEST_WAIT = 30_000;

class Stop extends Error {}

function read(name, otherwise) {
  try {
    return JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return otherwise;
    throw error;
  }
}

/** Written beside, flushed, then moved into place: after a power cut there is the old file or the new one. */
function write(name, value) {
  mkdirSync(FOLDER, { recursive: true });
  const aside = join(FOLDER, `${name}.new`);
  const file = openSync(aside, 'w', 0o600);
  writeSync(file, JSON.stringify(value));
  fsyncSync(file);
  closeSync(file);
  renameSync(aside, join(FOLDER, name));
  const folder = openSync(FOLDER, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** Seconds since 1970: higher than any before, though the till's disk was lost meanwhile. */
const newEpoch = () => Math.floor(Date.now() / 1_000);

/** The till's own book: what it counts, the number its next order has, and the changes that no order has carried yet. */
const opened = () => read('book.json', { epoch: newEpoch(), seq: 1, stock: {}, waiting: [], order: null });

const headers = () => {
  const key = read('key.json', null);
  if (key === null) throw new Stop('This till has no key. Let staff start pairing, then: node till.js pair CODE');
  return { authorization: `Bearer ${key.token}`, 'content-type': 'application/json' };
};

/** How long to wait before a try: as the box says, else a second, and twice as long each time. */
const waitOf = (answer, tries) =>
  Number(answer?.headers.get('retry-after')) * 1_000 || Math.min(LONGEST_WAIT, 1_000 * 2 ** tries);

/** Sends one order until it is answered; the same order each time, so that it counts once. */
async function answerTo(order) {
  for (let tries = 0; ; tries += 1) {
    let answer;
    try {
      answer = await fetch(`${BOX}/api/v1/stock:batch`, {
        method: 'POST',
        headers: headers(),
        body: JSON.stringify(order),
        signal: AbortSignal.timeout(10_000),
      });
      // An answer may break off in the middle: then it is none.
      const said = await answer.json();
      const again = answer.status >= 500 || answer.status === 429 || answer.status === 408;
      if (!again) return { status: answer.status, said };
      console.error(`The box says ${said.code}: the order waits.`);
    } catch (error) {
      if (error instanceof Stop) throw error;
      console.error(`The box does not answer (${error.cause?.code ?? error.message}): the order waits.`);
    }
    await sleep(waitOf(answer, tries));
  }
}

/** The next order: one that was on its way, else what waits. It is on the till's disk before it is sent. */
function nextOrder(book) {
  if (book.order === null && book.waiting.length > 0) {
    const { epoch, seq } = book;
    book.order = { source: NAME, epoch, seq, changes: book.waiting.splice(0, MOST) };
    write('book.json', book);
  }
  return book.order;
}

/** The box has lost count, or the till has: all that the till knows, as quantities, under a number that is new. */
function beginAgain(book) {
  book.epoch = Math.max(book.epoch + 1, newEpoch());
  book.seq = 1;
  book.order = null;
  book.waiting = Object.entries(book.stock).flatMap(([sku, sizes]) =>
    Object.entries(sizes).map(([size, quantity]) => ({ sku, size, quantity })),
  );
}

async function send(book) {
  for (let order = nextOrder(book); order !== null; order = nextOrder(book)) {
    const { status, said } = await answerTo(order);
    if (status === 401 || status === 403) throw new Stop(`${said.detail} What was sold waits on this till until then.`);
    if (LOST_COUNT.includes(said.code)) {
      beginAgain(book);
      console.error('The box counts other orders of this till: the whole stock is sent.');
    } else {
      // An order that is refused takes no number: it is put aside for a person, and the next one goes.
      if (status >= 400) write(`refused-${book.epoch}-${book.seq}-${Date.now()}.json`, { order, said });
      else book.seq += 1;
      book.order = null;
      report(status, said);
    }
    write('book.json', book);
  }
}

function report(status, said) {
  if (status >= 400) return console.error(`The box refused an order, which is put aside: ${said.detail}`);
  console.log(`${said.applied} changed`);
  for (const sku of said.unknown) console.error(`The box has no garment ${sku}: is the catalogue up to date?`);
  for (const { sku, size } of said.floored) console.error(`More of ${sku} in ${size} went than there were: count it.`);
}

/** @param amount `quantity`, how many there are, or `change`, how many more */
async function change(sku, size, amount) {
  const book = opened();
  book.stock[sku] ??= {};
  const counted = book.stock[sku];
  counted[size] = amount.quantity ?? Math.max(0, (counted[size] ?? 0) + amount.change);
  book.waiting.push({ sku, size, ...amount });
  // From here on it is sold, whatever becomes of till, box or cable.
  write('book.json', book);
  await send(book);
}

async function pair(code) {
  const answer = await fetch(`${BOX}/api/v1/keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, name: NAME }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Stop(`${said.title} ${said.detail}`);
  write('key.json', { token: said.token });
  console.log(`This till is “${said.key.name}” on the box.`);
}

/** Splits a stream of server-sent events at their empty lines. */
async function* eventsOf(body) {
  let text = '';
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = name => lines.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2);
      yield { id: field('id'), event: field('event'), data: field('data') };
    }
  }
}

/** Listens for good. After a cut it says what it heard last; where it has missed something the box answers with “look at all”. */
async function listen() {
  let last;
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await fetch(`${BOX}/api/v1/events`, {
        headers: last === undefined ? {} : { 'last-event-id': last },
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      tries = 0;
      for await (const { id, event, data } of eventsOf(answer.body)) {
        last = id ?? last;
        if (event !== undefined) console.log(`${event} ${data}`);
      }
    } catch (error) {
      console.error(`The line is cut (${error.cause?.code ?? error.message}).`);
    }
    await sleep(waitOf(undefined, tries));
  }
}

const whole = text => {
  const number = Number(text);
  if (text === undefined || !Number.isInteger(number) || number < 0) throw new Stop(`${text}: say a whole number.`);
  return number;
};

const COMMANDS = {
  pair,
  count: (sku, size, number) => change(sku, size, { quantity: whole(number) }),
  sell: (sku, size) => change(sku, size, { change: -1 }),
  deliver: (sku, size, number) => change(sku, size, { change: whole(number) }),
  send: () => send(opened()),
  listen,
};

const [name, ...words] = process.argv.slice(2);
try {
  if (!Object.hasOwn(COMMANDS, name ?? '')) throw new Stop(`Say what to do: ${Object.keys(COMMANDS).join(', ')}.`);
  await COMMANDS[name](...words);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
