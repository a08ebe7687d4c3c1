/** Which screens are connected, and in which mode each says it is best. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, look, notHere, ok } from '../check.ts';
import { readSystem } from '../words.ts';

interface Output {
  /** e.g. `HDMI-A-1`. */
  readonly name: string;
  readonly connected: boolean;
  /** The mode that the screen prefers, e.g. `1920x1080`; undefined where it says none. */
  readonly mode: string | undefined;
}

/** The outputs of every graphics card, each once. @param folder /sys/class/drm */
export function screenOutputs(folder: string): Output[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.sort().flatMap(entry => {
    const [, name] = /^card\d+-(.+)$/.exec(entry) ?? [];
    // What writes to memory is no screen.
    if (name === undefined || name.startsWith('Writeback')) return [];
    const mode = readSystem(join(folder, entry, 'modes'))?.split('\n')[0];
    return [
      {
        name,
        connected: readSystem(join(folder, entry, 'status')) === 'connected',
        mode: mode === '' ? undefined : mode,
      },
    ];
  });
}

export const screen: Check = {
  name: 'screen',
  about: 'the screens that are connected',
  async run(box) {
    const outputs = screenOutputs(box.system('/sys/class/drm'));
    const measured = { outputs };
    if (outputs.length === 0)
      return notHere('The box has no output for a screen, or the system does not tell.', undefined, { measured });
    const connected = outputs.filter(one => one.connected);
    if (connected.length === 0) {
      return look(
        `No screen is connected (${outputs.map(({ name }) => name).join(', ')}), or it is switched off.`,
        'Switch it on, and look at the cable.',
        { measured },
      );
    }
    const named = connected.map(({ name, mode }) => `${name} (${mode ?? 'it names no mode'})`);
    return ok(`Connected: ${named.join(', ')}.`, { measured });
  },
};
