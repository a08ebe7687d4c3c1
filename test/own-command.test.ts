import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { asTypedHere } from '../device/own-command.ts';

const ON_A_BOX = '/opt/lookdial/releases/0.1.0-0123456789ab/device';
const SENTENCES = {
  'What to do, says: npm run doctor -- databases.': 'What to do, says: lookdial doctor databases.',
  'What to do, says: npm run doctor.': 'What to do, says: lookdial doctor.',
  'Make one with: npm run index -- --store FOLDER (or npm start).':
    'Make one with: lookdial index --store FOLDER (or systemctl restart lookdial).',
  'npm run -s doctor -- --example': 'lookdial doctor --example',
  'Run npm ci, then npm run bench.': 'Run npm ci, then npm run bench.',
};

describe('a command of the project', () => {
  it('is said as it is typed: by npm in its folder, by lookdial on an installed box', () => {
    for (const [said, there] of Object.entries(SENTENCES)) {
      assert.equal(asTypedHere(said), said);
      assert.equal(asTypedHere(said, ON_A_BOX), there);
    }
  });

  it('is one that the box has', () => {
    const script = readFileSync(resolve(import.meta.dirname, '../scripts/device/lookdial'), 'utf8');
    for (const name of ['doctor', 'index', 'keys', 'store', 'chain']) {
      assert.equal(asTypedHere(`npm run ${name}`, ON_A_BOX), `lookdial ${name}`);
      assert.match(script, new RegExp(`^  ${name}\\)`, 'm'));
    }
  });
});
