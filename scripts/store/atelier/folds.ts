/** How cloth falls: the soft shadows and lights of the body of a garment. */
import { type Bodice, widthAt } from './bodice.ts';
import type { Fold } from './drawing.ts';
import { add, leaf, lerp, type Point } from './geometry.ts';

const both = (fold: Fold): Fold[] => [fold, { ...fold, shape: fold.shape.mirrored() }];

/**
 * Folds of a body lying flat: from the underarms towards the middle, at the waist, and hanging to the hem. One side is
 * a little stronger than the other, as cloth never lies quite even.
 */
export function bodyFolds(body: Bodice, softness = 1): Fold[] {
  const { armhole, chest, length, hem } = body.measures;
  const low = length - body.measures.hemCurve;
  const drop = low - armhole;
  const at = (share: number): number => widthAt(body, armhole + drop * share);
  const right: Fold[] = [
    {
      shape: leaf([chest - 0.5, armhole - 1.5], [chest * 0.34, armhole + drop * 0.3], 1.1, 1),
      tone: 'shadow',
      opacity: 0.55 * softness,
    },
    {
      shape: leaf([chest - 1, armhole + 2.2], [chest * 0.44, armhole + drop * 0.4], 0.8, -1),
      tone: 'light',
      opacity: 0.34 * softness,
    },
    {
      shape: leaf([at(0.3), armhole + drop * 0.3], [at(0.6) * 0.46, armhole + drop * 0.72], 0.9, 1),
      tone: 'shadow',
      opacity: 0.34 * softness,
    },
    {
      shape: leaf([hem * 0.74, low + 2], [at(0.5) * 0.6, armhole + drop * 0.34], 1.2, -1),
      tone: 'shadow',
      opacity: 0.34 * softness,
    },
    {
      shape: leaf([hem * 0.36, low + 2], [at(0.5) * 0.26, armhole + drop * 0.62], 1.4, 1),
      tone: 'shadow',
      opacity: 0.28 * softness,
    },
  ];
  const left: Fold[] = [
    {
      shape: leaf([chest - 0.5, armhole - 1.5], [chest * 0.3, armhole + drop * 0.36], 1.2, 1),
      tone: 'shadow',
      opacity: 0.6 * softness,
    },
    {
      shape: leaf([at(0.42), armhole + drop * 0.44], [at(0.6) * 0.3, armhole + drop * 0.8], 0.9, 1),
      tone: 'shadow',
      opacity: 0.36 * softness,
    },
    {
      shape: leaf([hem * 0.62, low + 2], [at(0.5) * 0.5, armhole + drop * 0.42], 1.2, -1),
      tone: 'shadow',
      opacity: 0.3 * softness,
    },
    { shape: leaf([hem * 0.8, low], [at(0.3) * 0.8, armhole + drop * 0.16], 1.6, 0), tone: 'light', opacity: 0.3 },
  ];
  return [...right, ...left.map(fold => ({ ...fold, shape: fold.shape.mirrored() }))];
}

/** Vertical folds of a skirt from `top` to `bottom`, given as half widths; deeper the fuller it is. */
export function skirtFolds(top: Point, bottom: Point, fullness: number, count = 4): Fold[] {
  const folds: Fold[] = [];
  for (let i = 0; i < count; i++) {
    const share = (i + 0.5) / count;
    const reach = lerp(0.1 + 0.14 * (i % 2), 0.3, 1 - fullness);
    const from: Point = [top[0] * share * 0.96, lerp(top[1], bottom[1], reach)];
    const to: Point = [bottom[0] * share * 0.98, bottom[1] + 1];
    const width = 0.7 + fullness * 1.7;
    folds.push(
      ...both({ shape: leaf(to, from, width, 0.4), tone: 'shadow', opacity: 0.26 + 0.36 * fullness }),
      ...both({
        shape: leaf(add(to, [width * 1.9, 0]), add(from, [0.9, 2]), width * 0.8, 0.4),
        tone: 'light',
        opacity: 0.14 + 0.28 * fullness,
      }),
    );
  }
  return folds;
}

/** The shadow that gathers below a line, such as a waistband or a yoke. */
export function shadowBelow(from: Point, to: Point, depth: number, opacity = 0.5): Fold {
  return { shape: leaf(add(from, [-2, 0]), add(to, [2, 0]), depth), tone: 'shadow', opacity };
}
