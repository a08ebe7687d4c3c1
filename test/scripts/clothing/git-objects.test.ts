import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobId, treeId } from '../../../scripts/store/clothing/git-objects.ts';

test('contents have the names that git gives them', () => {
  // `printf 'hello\n' | git hash-object --stdin`, and `git mktree` of it and of an empty folder.
  const hello = 'ce013625030ba8dba906f756967f9e9ca394464a';
  const empty = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  assert.equal(blobId(Buffer.from('hello\n')), hello);
  assert.equal(treeId([]), empty);
  const entries = [
    { path: 'hello.txt', mode: '100644', sha: hello },
    { path: 'images', mode: '040000', sha: empty },
  ];
  assert.equal(treeId(entries), '8a5103078a32331d3960f8cdf06faa5e3c2094a3');
  assert.notEqual(treeId(entries.toReversed()), treeId(entries));
});
