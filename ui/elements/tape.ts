import { svg, type TemplateResult } from 'lit';

/** The tape's drawing is this many units wide and high, and stretched over the track. */
const WIDTH = 400;
const HEIGHT = 48;
const MARKS = 40;
/** Stitches woven for each bin of the stock's density. */
const STITCHES = 3;
const LONGEST = 25;
const SHORTEST = 2.5;

const marks = (every: number, length: number): string =>
  Array.from({ length: MARKS + 1 }, (_, mark) => mark)
    .filter(mark => mark % every === 0)
    .map(mark => `M${(mark / MARKS) * WIDTH} 0v${length}`)
    .join('');

const FINE = marks(1, 6);
const LONG = marks(5, 11);
const LONGER = marks(20, 16);

/** Upright stitches along the lower edge, the longer the more garments there are; none where there is nothing. */
function weave(density: readonly number[]): string {
  const stitches = density.length * STITCHES;
  return Array.from({ length: stitches }, (_, stitch) => {
    // Between two bins' middles the thread runs straight.
    const at = (stitch + 0.5) / STITCHES - 0.5;
    const bin = Math.floor(at);
    const low = density[Math.max(0, bin)] ?? 0;
    const high = density[Math.min(density.length - 1, bin + 1)] ?? 0;
    const share = low + (high - low) * (at - bin);
    if (share <= 0) return '';
    const x = ((stitch + 0.5) / stitches) * WIDTH;
    return `M${x.toFixed(1)} ${HEIGHT}v${(-SHORTEST - (LONGEST - SHORTEST) * share).toFixed(1)}`;
  }).join('');
}

/** A tailor's tape with the stock's density woven into it. */
export const tape = (density: readonly number[]): TemplateResult<2> => svg`
  <svg class="tape" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <path class="weave" d=${weave(density)}></path>
    <path class="mark fine" d=${FINE}></path>
    <path class="mark" d=${LONG + LONGER}></path>
  </svg>`;
