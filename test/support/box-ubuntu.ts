/** A Debian that calls itself Ubuntu for as long as one command runs: what a script makes of that, without an Ubuntu. */
import assert from 'node:assert/strict';
import { INSTALL, SNAP } from './box-orders.ts';
import type { BoxRoot, Said } from './box-root.ts';

/** @param version as in /etc/os-release, e.g. 24.04 */
const asUbuntu = (box: BoxRoot, version: string, command: string): Said =>
  box.chroot(`printf 'ID=ubuntu\\nVERSION_ID="%s"\\n' '${version}' >/tmp/os-release
mount --bind /tmp/os-release /usr/lib/os-release && ${command}`);

/** Its installer says that chromium is a snap there, and what to do, and changes nothing. @throws AssertionError where it does not */
export function tellUbuntu(box: BoxRoot): void {
  const bare = box.listing();
  const told = (version: string, options: string) => asUbuntu(box, version, `${INSTALL} ${options}`);
  for (const [version, options, why] of [
    ['24.04', '', /Ubuntu's chromium is a snap.*\n.* --browser, or give --no-kiosk/],
    ['22.04', '--dry-run', /Ubuntu's chromium is a snap/],
    ['24.04', `--browser ${SNAP}`, /is a snap, which cannot be run.*\n.*docs\/operating\.md/],
    ['24.04', '--browser /opt/nothing', /There is no program \/opt\/nothing/],
    ['20.04', '--no-kiosk', /This is Ubuntu 20\.04\.\n.*22\.04 or newer/],
  ] as const) {
    const { status, text } = told(version, options);
    assert.equal(status, 1, text);
    assert.match(text, why);
  }
  assert.equal(box.listing(), bare);
  for (const [options, packages] of [
    ['--no-kiosk --dry-run', /would: .*lookdial\.service/],
    ['--browser /usr/bin/env --dry-run', /would: the packages cage seatd xwayland$/m],
  ] as const) {
    const { status, text } = told('24.04', options);
    assert.equal(status, 0, text);
    assert.match(text, packages);
    assert.doesNotMatch(text, /chromium.*snap|packages .*chromium/);
  }
  assert.equal(box.listing(), bare);
}
