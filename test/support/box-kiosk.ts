/** What the kiosk of a box in a folder is shown on, and what can be seen of its browser. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BoxRoot } from './box-root.ts';

/** What a bare box has: its system, and npm. The last two are the screen of this test. */
export const BARE = ['systemd', 'systemd-sysv', 'dbus', 'npm', 'ca-certificates', 'curl', 'xvfb', 'procps'];

/** A screen that is none: cage draws on it as on a real one. */
const SCREEN = `[Service]
Environment=WLR_BACKENDS=x11 WLR_RENDERER=pixman LIBSEAT_BACKEND=noop DISPLAY=:9
Environment=LOOKDIAL_KIOSK_START_PATIENCE=20
`;
const XVFB = `[Unit]
Before=lookdial-kiosk.service
[Service]
ExecStartPre=/bin/mkdir -p /var/lib/xvfb
ExecStart=/usr/bin/Xvfb :9 -screen 0 1080x1920x24 -fbdir /var/lib/xvfb
[Install]
WantedBy=multi-user.target
`;
/** A daemon that hangs is found out sooner than on a box. */
const SOON = `[Service]
WatchdogSec=12
Environment="LOOKDIAL_UPDATES_WINDOW=03:00-04:00" "LOOKDIAL_TEST_SPACED=one 'two' $three"
`;

/** The browser's own process, and one of those that its pages are in. */
const BROWSER = `pgrep -u lookdial-kiosk -o -f 'chromium.*--kiosk'`;
const RENDERER = `pgrep -u lookdial-kiosk -o -f -- '--type=renderer'`;

/** Whether the kiosk's browser holds a line to the daemon: port 8080, established, the browser's user. */
export const CONNECTED = `awk -v uid="$(id -u lookdial-kiosk)" '$3 ~ /:1F90$/ && $4 == "01" && $8 == uid { found = 1 } END { exit !found }' /proc/net/tcp`;

/** Whether the daemon has heard of the page since it started: one that it never heard is given three minutes. */
export const HEARD = `screen=$(pgrep -a -u lookdial-kiosk -o -f 'chromium.*--kiosk' | grep -o 'screen=[0-9a-f-]*' | head -1 | cut -d= -f2)
curl -fsS "http://127.0.0.1:8080/api/v1/screens/$screen" | grep -q 'heardSecondsAgo":[0-9]'`;

/** Whether the page's process is in the browser's own sandbox: users, processes and network of its own, and more filters of system calls. */
export const SANDBOXED = `browser=$(${BROWSER}) && renderer=$(${RENDERER}) || exit 1
for name in user pid net; do
  [ "$(readlink "/proc/$browser/ns/$name")" != "$(readlink "/proc/$renderer/ns/$name")" ] || { echo "the same $name"; exit 1; }
done
filters() { awk '/^Seccomp_filters:/ { print $2 }' "/proc/$1/status"; }
echo "filters: $(filters "$browser") of the browser, $(filters "$renderer") of the page"
[ "$(filters "$renderer")" -gt "$(filters "$browser")" ]`;

/** The page of help, and whether the browser is on it. */
const HELP = 'file:///run/lookdial-kiosk/help.html';
export const HELPING = `pgrep -u lookdial-kiosk -f 'chromium.*${HELP}'`;
export const MODEL = '/opt/lookdial/current/models/clothing';

/** Gives a box that screen. */
export async function giveScreen(box: BoxRoot): Promise<void> {
  const units = join(box.folder, 'etc/systemd/system');
  for (const [name, text] of [
    ['lookdial-kiosk.service.d/screen.conf', SCREEN],
    ['lookdial.service.d/soon.conf', SOON],
    ['xvfb.service', XVFB],
  ] as const) {
    await mkdir(dirname(join(units, name)), { recursive: true });
    await writeFile(join(units, name), text);
  }
  box.must('systemctl --quiet enable xvfb');
}
