/** How warm the box is: the kernel's thermal zones, against the points at which it slows down or switches off, and who is slowed down now. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Sensors } from '../../../device/health/sensors.ts';
import { broken, type Check, look, notHere, ok } from '../check.ts';
import { readSystem } from '../words.ts';

interface Zone {
  readonly name: string;
  readonly celsius: number;
  /** Where the kernel begins to slow the processor, and where it switches off; undefined where the zone does not say. */
  readonly slowsAt: number | undefined;
  readonly endsAt: number | undefined;
}

/** Where a zone does not say when it is hot. */
const USUAL_HOT = 85;

const celsius = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) / 1000 : undefined;

/** Each zone that has a temperature. @param folder /sys/class/thermal */
export function thermalZones(folder: string): Zone[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter(name => name.startsWith('thermal_zone'));
  } catch {
    return [];
  }
  return names.sort().flatMap(name => {
    const read = (file: string): string | undefined => readSystem(join(folder, name, file));
    const now = celsius(read('temp'));
    if (now === undefined) return [];
    const trips = Array.from({ length: 16 }, (_, place) => ({
      type: read(`trip_point_${place}_type`),
      at: celsius(read(`trip_point_${place}_temp`)),
    }));
    // A point at or below zero is one that is not set.
    const lowest = (...types: string[]): number | undefined => {
      const at = trips.flatMap(trip => (types.includes(trip.type ?? '') && (trip.at ?? 0) > 0 ? (trip.at ?? []) : []));
      return at.length === 0 ? undefined : Math.min(...at);
    };
    const zone = { celsius: now, slowsAt: lowest('passive', 'hot'), endsAt: lowest('critical') };
    return [{ name: read('type') ?? name, ...zone }];
  });
}

const degrees = (value: number): string => `${Number(value.toFixed(1))} °C`;

export const temperature: Check = {
  name: 'temperature',
  about: 'the thermal zones of the processor and the board, and whether the kernel slows the box down now',
  async run(box) {
    const zones = thermalZones(box.system('/sys/class/thermal'));
    const { throttled } = await new Sensors(box.system('/sys/')).heat();
    const warmest = zones.reduce<Zone | undefined>(
      (a, b) => (a !== undefined && a.celsius >= b.celsius ? a : b),
      undefined,
    );
    const more = {
      detail: zones.map(zone => `${zone.name}: ${degrees(zone.celsius)}`),
      measured: { zones, throttled },
    };
    const ends = zones.find(({ celsius: now, endsAt }) => endsAt !== undefined && now >= endsAt - 5);
    const next = 'Clean its fan and its openings, give it air, and look what keeps it busy (top).';
    if (ends !== undefined) {
      return broken(
        `${ends.name} has ${degrees(ends.celsius)}, and the box switches off at ${degrees(ends.endsAt ?? 0)}.`,
        next,
        more,
      );
    }
    if (throttled.length > 0) {
      const at = warmest === undefined ? '' : `; the warmest zone, ${warmest.name}, has ${degrees(warmest.celsius)}`;
      return look(
        `The kernel slows the box down now (${throttled.join(', ')})${at}: a drag gets fewer pictures a second.`,
        `${next} Where it is cool, its power supply or its power mode is too small for it.`,
        more,
      );
    }
    if (warmest === undefined) return notHere('The system has no thermal zones.');
    const slow = zones.find(({ celsius: now, slowsAt }) => now >= (slowsAt ?? USUAL_HOT));
    if (slow !== undefined)
      return look(`${slow.name} has ${degrees(slow.celsius)}, at which the box slows down.`, next, more);
    return ok(`The warmest of ${zones.length}, ${warmest.name}, has ${degrees(warmest.celsius)}.`, more);
  },
};
