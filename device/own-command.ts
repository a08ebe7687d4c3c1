/** How a person gives a command of the project where this program is: in its folder by npm, on an installed box by `lookdial`. */

/** Where the installer puts it: scripts/device/lib.sh. */
const INSTALLED = '/opt/lookdial/';
/** Those that `lookdial` has. */
const COMMANDS = /\bnpm run (?:-s )?(doctor|index|keys|store|chain)\b(?: --(?= ))?/g;

/** A text with its commands as they are typed here. @param folder any of the program's */
export const asTypedHere = (text: string, folder = import.meta.dirname): string =>
  folder.startsWith(INSTALLED)
    ? text.replaceAll(COMMANDS, 'lookdial $1').replaceAll(/\bnpm start\b/g, 'systemctl restart lookdial')
    : text;
