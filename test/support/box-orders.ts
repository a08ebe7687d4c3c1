/** What the test of a box tells a shell in it. */

export const INSTALL = '/srv/lookdial/scripts/device/install';
export const UNINSTALL = '/srv/lookdial/scripts/device/uninstall';

/** What Ubuntu's /snap/bin/chromium is: a link into a snap. */
export const SNAP = `$(mkdir -p /tmp/snap/chromium && cp /usr/bin/true /tmp/snap/chromium/ && echo /tmp/snap/chromium/true)`;
/** Whose daemon has another number than elsewhere, as where other packages were installed before. */
export const RENUMBER = `uid=$(id -u lookdial) gid=$(id -g lookdial)
groupmod --gid 4711 lookdial && usermod --uid 4711 lookdial
find / -xdev -uid "$uid" -exec chown -h lookdial {} + ; find / -xdev -gid "$gid" -exec chgrp -h lookdial {} +
[ "$(stat -c %u:%g /var/lib/lookdial)" = 4711:4711 ]`;
/** A key's name that is nowhere else: where it is found, something of the store is left. */
export const TRACE = 'The register at the north door 7391';
export const FIND_TRACE = `grep -rlaF --exclude-dir={proc,sys,dev} '${TRACE}' / || true`;
/** What else a box that was wiped has not: the program's files and users, and the journal of before. */
export const FIND_REST = `ls -d /{var/lib,var/cache,etc,opt,srv}/lookdial /etc/systemd/system/lookdial* 2>/dev/null
find /var/log/journal -name '*@*.journal'; getent passwd lookdial lookdial-kiosk; true`;

/** What the next program makes of the keys, and how it ends. */
export const BREAKS = `
export const keys = new (await import('node:sqlite')).DatabaseSync('/var/lib/lookdial/state/access.sqlite');
keys.exec('DELETE FROM key; PRAGMA user_version = 99');
keys.close();
throw new Error('This one does not serve.');
`;
/** The installer, killed once the new program is in use. @param name of the new program's release */
export const cutOff = (name: string): string => `${INSTALL} & pid=$!
until [ "$(readlink /opt/lookdial/current)" = releases/${name} ]; do sleep 0.1; done
kill -KILL $pid; wait $pid 2>/dev/null; [ -L /opt/lookdial/untried ]`;

/** A till's word on what is there, with its key. */
export const sale = (key: string, quantity: number): string =>
  `curl -fsS http://127.0.0.1:8080/api/v1/items/g001/stock -X PATCH -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -d '{"sizes":[{"name":"M","quantity":${quantity}}]}'`;
