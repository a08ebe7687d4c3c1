import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../support/store.ts';
import { blocksOf, falsehood, falsehoods, readShown, typeThrough } from '../support/typed-page.ts';

const pageOf = (commands: string, shown = ''): string =>
  `Words.\n\n\`\`\`sh\n${commands}\n\`\`\`\n${shown}\nMore words.\n`;

describe('a page that is typed through', () => {
  it('is held to what it shows, word for word but where it leaves something out', () => {
    const came = { sku: 'A-1', price: 9.5, sizes: [{ name: 'S' }, { name: 'M' }], image: '/a?v=12', mu: [0.1, 0.2] };
    const holds = (shown: string): string | undefined => falsehood(readShown(shown), came);
    assert.equal(holds('{"sku": "A-1", …}'), undefined);
    assert.equal(
      holds('{"image": "/a?v=…", "mu": […], "sizes": [{"name": "S"}, …], "price": …, "sku": "A-1"}'),
      undefined,
    );
    assert.match(holds('{"sku": "A-1"}') ?? '', /the answer has price too/);
    assert.match(holds('{"sku": "A-2", …}') ?? '', /the answer\.sku is "A-1", and "A-2" is shown/);
    assert.match(holds('{"colour": null, …}') ?? '', /the answer has no colour/);
    assert.match(holds('{"sizes": [{"name": "S"}], …}') ?? '', /sizes has 2 entries, and 1 are shown/);
    assert.match(holds('{"sizes": [{"name": "L"}, …], …}') ?? '', /sizes\[0\]\.name is "S"/);
    assert.match(holds('{"image": "/b…", …}') ?? '', /image is/);
  });

  it('is false where a status or a word is another, or a call that shows nothing was refused', () => {
    const shown = blocksOf(pageOf('curl x', '\n```http\nHTTP 201\n{"a": 1}\n```\n'));
    assert.deepEqual(falsehoods(shown, [{ statuses: [200, 201], text: '{"a":1}\n' }]), []);
    assert.match(falsehoods(shown, [{ statuses: [200], text: '{"a":1}\n' }])[0] ?? '', /201 is shown, 200 came/);
    assert.match(falsehoods(shown, [{ statuses: [201], text: '{"a":2}\n' }])[0] ?? '', /the answer\.a is 2/);
    assert.match(falsehoods(shown, [{ statuses: [201], text: '' }])[0] ?? '', /1 bodies are shown/);
    assert.match(falsehoods(shown, [{ statuses: [404, 201], text: '{"a":1}' }])[0] ?? '', /was answered 404/);
    const words = blocksOf(pageOf('echo (1)', '\n```text\n(1) of …\n```\n'));
    assert.deepEqual(falsehoods(words, [{ statuses: [], text: '(1) of 7\n' }]), []);
    assert.match(falsehoods(words, [{ statuses: [], text: '1 of 7\n' }])[0] ?? '', /is shown, and this came/);
    const silent = blocksOf(pageOf('curl y'));
    assert.match(falsehoods(silent, [{ statuses: [500], text: 'no' }])[0] ?? '', /was answered 500/);
  });

  it('is one shell from its first block to its last, and stops where a command fails', async t => {
    const home = await temporaryFolder(t);
    const place = { cwd: home, home, environment: {} };
    const two = blocksOf(`${pageOf('A=7')}${pageOf('echo "it is $A"')}`);
    const typed = await typeThrough(two, place);
    assert.deepEqual(
      typed.map(({ text }) => text.trim()),
      ['', 'it is 7'],
    );
    await assert.rejects(
      typeThrough(blocksOf(`${pageOf('echo first')}${pageOf('echo broken; false')}`), place),
      /ended with 1 in this block:\necho broken; false/,
    );
  });
});
