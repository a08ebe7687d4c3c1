/** What keeps the daemon of a box from starting, and what its screen shows meanwhile. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CONNECTED, HEARD, HELPING, MODEL } from './box-kiosk.ts';
import type { BoxRoot } from './box-root.ts';
import { seePaper } from './framebuffer.ts';

/** Takes its model away: the screen says so; and gives it back: it is a kiosk again. */
export async function loseModel(box: BoxRoot): Promise<void> {
  box.inside(`mv ${MODEL} ${MODEL}-away; systemctl restart lookdial`);
  await box.until(HELPING, 120_000);
  const page = box.inside('cat /run/lookdial-kiosk/help.html').text;
  assert.match(page, /models\/clothing\/manifest\.json: the file is missing\. Copy the bundle again/);
  // systemd forgets it in the moment of each start.
  await box.until(`systemctl status lookdial | grep 'Status: .*the file is missing. Copy the bundle again'`);
  await seePaper(join(box.folder, 'var/lib/xvfb/Xvfb_screen0'), 60_000);
  // It stays, whatever watches over browsers.
  const restarts = box.inside('systemctl show -P NRestarts lookdial-kiosk').text;
  box.inside('sleep 30');
  assert.equal(box.inside('systemctl show -P NRestarts lookdial-kiosk').text, restarts);
  box.inside(`mv ${MODEL}-away ${MODEL}`);
  await box.until(CONNECTED, 120_000);
  await box.until(HEARD, 90_000);
  assert.notEqual(box.inside(HELPING).status, 0);
  assert.notEqual(box.inside('ls /run/lookdial/not-ready').status, 0);
}

/** Lets another program have its port, and then takes that away. */
export async function losePort(box: BoxRoot): Promise<void> {
  const answer = `require('http').createServer((_, r) => r.end('{"status":"ready"}')).listen(8080, '127.0.0.1')`;
  box.inside('systemctl stop lookdial');
  box.inside(`systemd-run --quiet --unit another /opt/lookdial/current/node -e ${JSON.stringify(answer)}`);
  await box.until('curl -fsS http://127.0.0.1:8080/readyz');
  box.inside('systemctl restart lookdial lookdial-kiosk');
  await box.until(HELPING, 120_000);
  assert.match(box.inside('cat /run/lookdial-kiosk/help.html').text, /another program has that port\. Stop it/);
  box.inside('systemctl stop another');
  await box.until(CONNECTED, 120_000);
  await box.until(HEARD, 90_000);
}
