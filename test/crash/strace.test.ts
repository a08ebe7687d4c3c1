import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, descriptorOf, parseTrace } from './support/strace.ts';

const hex = (text: string): string => Buffer.from(text).toString('hex').replace(/../g, '\\x$&');

test('a call is read with its arguments, its result and its place', () => {
  const { calls } = parseTrace(
    `7  pwrite64(5<${hex('/a, b')}>, "${hex('x, "y"')}", 6, 4096) = 6\n7  fsync(5<${hex('/a, b')}>(deleted)) = -1 EIO (Input/output error)\n`,
  );
  assert.equal(calls.length, 2);
  const [write, sync] = calls;
  assert.deepEqual([write?.name, write?.result, write?.start, write?.end], ['pwrite64', 6, 0, 0]);
  assert.deepEqual(descriptorOf(write?.args[0] ?? ''), { fd: 5, path: '/a, b' });
  assert.equal(bytesOf(write?.args[1] ?? '').toString(), 'x, "y"');
  assert.equal(write?.args[3], '4096');
  assert.deepEqual([sync?.name, sync?.result, sync?.end], ['fsync', -1, 1]);
});

test('a call that others come between spans them, and its bytes are those of its beginning', () => {
  const { calls } = parseTrace(
    `7  write(5<${hex('/log')}>, "${hex('one')}", 3 <unfinished ...>\n8  fsync(6<${hex('/b')}>) = 0\n7  <... write resumed>) = 3\n`,
  );
  const write = calls.find(({ name }) => name === 'write');
  assert.deepEqual([write?.start, write?.end, write?.result], [0, 2, 3]);
  assert.equal(bytesOf(write?.args[1] ?? '').toString(), 'one');
});

test('the parts of a vector are one write', () => {
  const { calls } = parseTrace(
    `7  writev(5<${hex('/log')}>, [{iov_base="${hex('ab')}", iov_len=2}, {iov_base="${hex('c')}", iov_len=1}], 2) = 3\n`,
  );
  assert.equal(calls[0]?.args.length, 3);
  assert.equal(bytesOf(calls[0]?.args[1] ?? '').toString(), 'abc');
});

test('a call that was cut short by a kill is told of, and none of the others is', () => {
  const { calls, cutShort } = parseTrace(
    `7  write(5<${hex('/log')}>, "${hex('one')}", 3 <unfinished ...>\n8  close(6) = 0\n8  +++ killed by SIGKILL +++\n7  <... write resumed> <unfinished ...>) = ?\n7  +++ killed by SIGKILL +++\n`,
  );
  assert.deepEqual(
    calls.map(({ name }) => name),
    ['close'],
  );
  assert.equal(cutShort.length, 1);
  assert.match(cutShort[0] ?? '', /^write/);
});

test('a line or a text that is not whole is never taken for one', () => {
  assert.throws(() => parseTrace('7  nonsense here\n'), /not understood: nonsense here/);
  assert.throws(() => bytesOf(`"${hex('abc')}"...`), /cut a text short/);
});
