import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logStream, readable } from '../../device/health/log-lines.ts';

const line = (over: object): string =>
  `${JSON.stringify({ level: 30, time: new Date(2026, 0, 2, 3, 4, 5).getTime(), pid: 1, hostname: 'box', msg: 'It runs.', ...over })}\n`;

describe('the log', () => {
  it('is words for a person', () => {
    assert.equal(readable(line({})), '03:04:05 info  It runs.\n');
    assert.equal(readable(line({ level: 40 })), '03:04:05 warn  It runs.\n');
    assert.equal(readable(line({ level: 35 })), '03:04:05 35    It runs.\n');
    assert.equal(readable(line({ msg: undefined })), '03:04:05 info  \n');
  });

  it('says what lies behind an error, and behind nothing less', () => {
    const err = { stack: 'Error: deep\n    at somewhere' };
    assert.equal(readable(line({ level: 50, err })), '03:04:05 error It runs.\nError: deep\n    at somewhere\n');
    assert.equal(readable(line({ level: 40, err })), '03:04:05 warn  It runs.\n');
  });

  it('is words to a terminal, and JSON to anything else', () => {
    const written = (isTTY: boolean): string => {
      let text = '';
      const write = (part: string): void => {
        text += part;
      };
      const to = { isTTY, write };
      logStream(to).write(line({}));
      return text;
    };
    assert.equal(written(true), '03:04:05 info  It runs.\n');
    assert.equal(written(false), line({}));
  });
});
