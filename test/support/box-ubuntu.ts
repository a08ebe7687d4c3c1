/** A Debian that calls itself Ubuntu for as long as one command runs: what a script makes of that, without an Ubuntu. */
import type { BoxRoot, Said } from './box-root.ts';

/** @param version as in /etc/os-release, e.g. 24.04 */
export const asUbuntu = (box: BoxRoot, version: string, command: string): Said =>
  box.chroot(`printf 'ID=ubuntu\\nVERSION_ID="%s"\\n' '${version}' >/tmp/os-release
mount --bind /tmp/os-release /usr/lib/os-release && ${command}`);
