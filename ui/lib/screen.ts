/** What a finger needs, in millimetres. */
export const TARGET_MM = 20;

/** A 21.5" panel of 1080 x 1920 pixels, upright. */
export const DEFAULT_MM_PER_PX = 0.248;
const BOUNDS = { low: 0.04, high: 1 } as const;

/**
 * Millimetres a CSS pixel measures on this screen: `mmPerPx` in the page's address, since only the person who mounts the
 * screen knows. Nonsense falls back to the default.
 */
export const mmPerPx = (search: string): number => numberIn(search, 'mmPerPx', BOUNDS) ?? DEFAULT_MM_PER_PX;

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A number of the page's address; undefined where there is none, or nonsense. */
function numberIn(search: string, name: string, { low, high }: Bounds): number | undefined {
  const written = new URLSearchParams(search).get(name);
  if (written === null || written.trim() === '') return undefined;
  const value = Number(written);
  return value >= low && value <= high ? value : undefined;
}

/** How high an upright screen of that size usually hangs. */
const DEFAULT_FLOOR_MM = 800;

/** Millimetres from the floor to the lower edge of the picture: `floorMm` in the page's address. */
export const floorMm = (search: string): number =>
  numberIn(search, 'floorMm', { low: 0, high: 2_000 }) ?? DEFAULT_FLOOR_MM;

const DEFAULT_IDLE_SECONDS = 60;

/**
 * Milliseconds without a touch after which the screen asks whether anybody is there: `idle` in the page's address, in seconds, or
 * `off` for a screen that somebody looks after: undefined.
 */
export function idleMs(search: string): number | undefined {
  if (new URLSearchParams(search).get('idle') === 'off') return undefined;
  return (numberIn(search, 'idle', { low: 5, high: 3_600 }) ?? DEFAULT_IDLE_SECONDS) * 1_000;
}

const LONGEST_PLACE = 60;

/** What this screen is called where there are several: `place` in the page's address. */
export const placeOfScreen = (search: string): string =>
  (new URLSearchParams(search).get('place') ?? '').trim().slice(0, LONGEST_PLACE);

/** What the box calls this screen, to ask after its page: `screen` in the page's address, as scripts/device/kiosk-browser gives it. */
export function nameOfScreen(search: string): string | undefined {
  const written = new URLSearchParams(search).get('screen') ?? '';
  return /^[\w-]{1,64}$/.test(written) ? written : undefined;
}

/** `room=dark` in the page's address: the screen stands in a dark room. */
export const inDarkRoom = (search: string): boolean => new URLSearchParams(search).get('room') === 'dark';

/** The least size of what one touches, CSS pixels. */
export const targetPx = (millimetresPerPixel: number): number => Math.round(TARGET_MM / millimetresPerPixel);

export const DRAWING = ['auto', 'webgl', 'canvas'] as const;
/** What draws the garment: `auto` takes WebGL where a graphics card does it, else plain code. */
export type Drawing = (typeof DRAWING)[number];

/** `draw` in the page's address, for a screen whose graphics driver is not to be trusted. */
export function drawing(search: string): Drawing {
  const written = new URLSearchParams(search).get('draw');
  return DRAWING.find(known => known === written) ?? 'auto';
}
