import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BoxEvent, EventHub } from '../device/events.ts';

const CHANGE: BoxEvent = { type: 'inventory', data: { skus: ['A'], more: false } };

describe('the event hub', () => {
  it('hands every event to every listener, numbered from one', () => {
    const hub = new EventHub();
    const heard: [string, number][] = [];
    hub.listen(({ type }, id) => heard.push([`first ${type}`, id]));
    hub.listen(({ type }, id) => heard.push([`second ${type}`, id]));
    hub.publish(CHANGE);
    hub.publish({ type: 'health', data: { state: 'well', picturesPerSecond: null } });
    assert.deepEqual(heard, [
      ['first inventory', 1],
      ['second inventory', 1],
      ['first health', 2],
      ['second health', 2],
    ]);
    assert.equal(hub.lastId, 2);
  });

  it('tells nothing to a listener that has left', () => {
    const hub = new EventHub();
    let heard = 0;
    const leave = hub.listen(() => heard++);
    hub.publish(CHANGE);
    leave();
    hub.publish(CHANGE);
    assert.equal(heard, 1);
  });

  it('goes on past a listener that throws, and tells of it', () => {
    const failures: unknown[] = [];
    const hub = new EventHub(error => failures.push(error));
    let heard = 0;
    hub.listen(() => {
      throw new Error('gone');
    });
    hub.listen(() => heard++);
    hub.publish(CHANGE);
    assert.equal(heard, 1);
    assert.equal((failures[0] as Error).message, 'gone');
  });
});
