import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeFrame } from '../../../device/api/dial-frame.ts';
import { readDialAnswer } from '../../../ui/lib/dial-answer.ts';

const rgba = Uint8Array.from({ length: 3 * 2 * 4 }, (_, at) => at);
const json = JSON.stringify({ matches: [], edition: 'Müller@1' });

function frame(change: (bytes: Buffer) => void = () => undefined): ArrayBuffer {
  const bytes = Buffer.from(writeFrame({ width: 3, height: 2, rgba }, json));
  change(bytes);
  return new Uint8Array(bytes).buffer;
}

describe('the binary answer of a drag', () => {
  it('gives back the picture and the matches that the daemon wrote', () => {
    const { picture, answer } = readDialAnswer(frame());
    assert.deepEqual({ width: picture.width, height: picture.height }, { width: 3, height: 2 });
    assert.deepEqual(picture.rgba, rgba);
    assert.equal(answer.edition, 'Müller@1');
  });

  it('is refused with what was got and expected when it is cut short or too long', () => {
    const whole = frame();
    for (const length of [0, 3, 15, 20, whole.byteLength - 1]) {
      assert.throws(() => readDialAnswer(whole.slice(0, length)), RangeError, `${length} bytes`);
    }
    const longer = new Uint8Array(whole.byteLength + 1);
    longer.set(new Uint8Array(whole));
    assert.throws(() => readDialAnswer(longer.buffer), /has \d+ bytes; its header says \d+/);
  });

  it('is refused when it begins with anything else', () => {
    assert.throws(() => readDialAnswer(frame(bytes => bytes.write('<!do', 0))), /begins with "<!do"; expected LDL1/);
  });
});
