import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ServiceManager } from '../../device/health/service-manager.ts';
import { debianTool } from '../support/debian-tool.ts';
import { NotifySocket } from '../support/notify-socket.ts';
import { temporaryFolder } from '../support/store.ts';

debianTool('systemd-notify', 'systemd');

const noFault = (error: Error): never => {
  throw error;
};

describe('what systemd is told', () => {
  it('arrives, in the order in which it was said', async t => {
    const socket = await NotifySocket.open(t);
    const manager = ServiceManager.of({ NOTIFY_SOCKET: socket.path, PATH: process.env.PATH }, noFault);
    assert.ok(manager);
    const told = [manager.tell('READY=1', 'STATUS=a b, c'), manager.tell('WATCHDOG=1'), manager.tell('STOPPING=1')];
    assert.deepEqual(await Promise.all(told), [true, true, true]);
    await socket.heard(/STOPPING/);
    assert.deepEqual(
      socket.messages.map(text => text.trim()),
      ['READY=1\nSTATUS=a b, c', 'WATCHDOG=1', 'STOPPING=1'],
    );
  });

  it('is said to have been lost once in a row', async t => {
    const faults: string[] = [];
    const environment = { NOTIFY_SOCKET: join(await temporaryFolder(t), 'nobody'), PATH: process.env.PATH };
    const manager = ServiceManager.of(environment, error => faults.push(error.message));
    assert.equal(await manager?.tell('READY=1'), false);
    assert.equal(await manager?.tell('WATCHDOG=1'), false);
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', /^systemd could not be told READY=1: /);
  });

  it('is nothing where no service manager started the daemon', () => {
    assert.equal(ServiceManager.of({}, noFault), undefined);
    assert.equal(ServiceManager.of({ NOTIFY_SOCKET: '' }, noFault), undefined);
  });

  it('is wanted as often as the unit says, by the process that the unit means', () => {
    const of = (environment: Record<string, string>) =>
      ServiceManager.of({ NOTIFY_SOCKET: '/nowhere', ...environment }, noFault)?.watchdogMs;
    assert.equal(of({ WATCHDOG_USEC: '60000000' }), 60_000);
    assert.equal(of({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: String(process.pid) }), 60_000);
    assert.equal(of({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '1' }), undefined);
    assert.equal(of({}), undefined);
  });

  it('asks for more time until it has had enough', async t => {
    const socket = await NotifySocket.open(t);
    const manager = ServiceManager.of({ NOTIFY_SOCKET: socket.path, PATH: process.env.PATH }, noFault);
    const enough = manager?.askForTime(50);
    await socket.heard(/^EXTEND_TIMEOUT_USEC=200000$/m);
    enough?.();
    await manager?.tell('READY=1');
    await socket.heard(/READY/);
    const { length } = socket.messages;
    await new Promise(resolve => setTimeout(resolve, 200));
    assert.equal(socket.messages.length, length);
  });
});
