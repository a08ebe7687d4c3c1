import type { Picture } from './dial-answer.ts';

/** A picture between two of the same size, `part` of the way: colours weighed by how much each covers, so that none bleeds in from outside. */
export function mixed(one: Picture, other: Picture, part: number): Picture {
  if (one.width !== other.width || one.height !== other.height) return part < 0.5 ? one : other;
  const rgba = new Uint8Array(one.rgba.length);
  for (let at = 0; at < rgba.length; at += 4) {
    const a = one.rgba[at + 3]! * (1 - part);
    const b = other.rgba[at + 3]! * part;
    const cover = a + b;
    rgba[at + 3] = Math.round(cover);
    const share = cover === 0 ? 0.5 : b / cover;
    for (let channel = at; channel < at + 3; channel++) {
      rgba[channel] = Math.round(one.rgba[channel]! * (1 - share) + other.rgba[channel]! * share);
    }
  }
  return { width: one.width, height: one.height, rgba };
}
