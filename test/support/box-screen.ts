/** What the test of a box gives it for a screen, and how it looks at its kiosk from within. */

/** What a bare box has: its system, and npm. The last two are the screen of this test. */
export const BARE = ['systemd', 'systemd-sysv', 'dbus', 'npm', 'ca-certificates', 'curl', 'xvfb', 'procps'];

/** A screen that is none: cage draws on it as on a real one. */
export const SCREEN = `[Service]
Environment=WLR_BACKENDS=x11 WLR_RENDERER=pixman LIBSEAT_BACKEND=noop DISPLAY=:9
Environment=LOOKDIAL_KIOSK_START_PATIENCE=20
`;
export const XVFB = `[Unit]
Before=lookdial-kiosk.service
[Service]
ExecStartPre=/bin/mkdir -p /var/lib/xvfb
ExecStart=/usr/bin/Xvfb :9 -screen 0 1080x1920x24 -fbdir /var/lib/xvfb
[Install]
WantedBy=multi-user.target
`;
/** A daemon that hangs is found out sooner than on a box. */
export const SOON = `[Service]
WatchdogSec=12
Environment="LOOKDIAL_UPDATES_WINDOW=03:00-04:00" "LOOKDIAL_TEST_SPACED=one 'two' $three"
`;

/** Whether the kiosk's browser holds a line to the daemon: port 8080, established, the browser's user. */
export const CONNECTED = `awk -v uid="$(id -u lookdial-kiosk)" '$3 ~ /:1F90$/ && $4 == "01" && $8 == uid { found = 1 } END { exit !found }' /proc/net/tcp`;

/** Whether the daemon has heard of the page since it started: one that it never heard is given three minutes. */
export const HEARD = `screen=$(pgrep -a -u lookdial-kiosk -o -f 'chromium.*--kiosk' | grep -o 'screen=[0-9a-f-]*' | head -1 | cut -d= -f2)
curl -fsS "http://127.0.0.1:8080/api/v1/screens/$screen" | grep -q 'heardSecondsAgo":[0-9]'`;

/** The page of help, and whether the browser is on it. */
const HELP = 'file:///run/lookdial-kiosk/help.html';
export const HELPING = `pgrep -u lookdial-kiosk -f 'chromium.*${HELP}'`;
export const MODEL = '/opt/lookdial/current/models/clothing';
