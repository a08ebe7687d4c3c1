import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import { describe, it } from 'node:test';
import { connectionLimiter } from '../device/connection-limits.ts';

class FakeSocket extends EventEmitter {
  destroyed = false;
  readonly remoteAddress: string;

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

/** Two servers that count together, and a way to come to the one or the other. */
const limited = (each: number, all: number) => {
  const limit = connectionLimiter({ each, all });
  const servers = [new EventEmitter(), new EventEmitter()];
  for (const server of servers) limit(server as unknown as Server);
  return (address: string, server = 0): FakeSocket => {
    const socket = new FakeSocket(address);
    servers[server]?.emit('connection', socket);
    return socket;
  };
};

describe('the limit of connections', () => {
  it('closes what one address opens beyond its share, and lets others in', () => {
    const come = limited(3, 100);
    const open = Array.from({ length: 3 }, (_, at) => come('192.0.2.9', at % 2));
    assert.ok(come('192.0.2.9').destroyed && come('192.0.2.9', 1).destroyed);
    assert.ok(!come('192.0.2.10').destroyed && open.every(({ destroyed }) => !destroyed));
    open[0]?.emit('close');
    assert.ok(!come('192.0.2.9').destroyed);
    assert.ok(come('192.0.2.9').destroyed);
  });

  it('leaves room for the box itself, whatever strangers hold open', () => {
    const come = limited(2, 5);
    const found = Array.from({ length: 9 }, (_, at) => come(`192.0.2.${at}`).destroyed);
    assert.deepEqual(found, [...Array<boolean>(5).fill(false), ...Array<boolean>(4).fill(true)]);
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      assert.ok(
        Array.from({ length: 20 }, () => come(address)).every(({ destroyed }) => !destroyed),
        address,
      );
    }
  });
});
