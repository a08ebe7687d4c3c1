/** The tones that one dyed cloth takes in light: what a painter mixes before the first stroke. */
import { hex, type Lab, tint } from './lab.ts';

export interface Shades {
  readonly base: string;
  /** Folds and undersides. */
  readonly shadow: string;
  /** Where one part lies on another. */
  readonly deep: string;
  /** Ridges turned to the light. */
  readonly light: string;
  /** Seams and stitching; lighter than a dark cloth, since darker would not be seen. */
  readonly line: string;
  /** The outline. */
  readonly rim: string;
  /** The cloth's other side, seen inside a neck or a hood. */
  readonly inside: string;
  readonly isDark: boolean;
}

export function shadesOf(colour: Lab): Shades {
  const isDark = colour.l < 26;
  // Shadows of cloth go a little towards blue, lights towards the lamp's yellow; grey ones look like dirt.
  const cool = (l: number, chroma: number): Lab => ({ ...tint(colour, l, chroma), b: colour.b * chroma - 3 });
  return {
    base: hex(colour),
    shadow: hex(cool(-16 - 0.2 * colour.l, 1.06)),
    deep: hex(cool(-24 - 0.42 * colour.l, 1)),
    light: hex({ ...tint(colour, 24 - 0.1 * colour.l, 0.86), b: colour.b * 0.86 + 2 }),
    line: hex(isDark ? tint(colour, 20, 0.9) : cool(-20 - 0.16 * colour.l, 1.1)),
    rim: hex(cool(-16 - 0.3 * colour.l, 1.05)),
    inside: hex(cool(isDark ? -5 : -9 - 0.09 * colour.l, 1.02)),
    isDark,
  };
}
