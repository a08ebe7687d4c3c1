/**
 * The gates a bundle must pass to ship: a floor, and where it is meant to be. What this box can measure is measured;
 * the rest is what the bundle's trainer wrote into the manifest, and said to be.
 */

export interface Gate {
  /** The trainer's name for it in the manifest's `evaluation.gates`. */
  readonly key: string;
  readonly name: string;
  readonly floor: number;
  readonly goal: number;
  /** Held by small figures; any other by large ones. */
  readonly atMost: boolean;
}

const least = (key: string, name: string, floor: number, goal: number): Gate => ({
  key,
  name,
  floor,
  goal,
  atMost: false,
});
const most = (key: string, name: string, floor: number, goal: number): Gate => ({
  key,
  name,
  floor,
  goal,
  atMost: true,
});

export const GATES: readonly Gate[] = [
  least('klLeast', 'least KL of a shown dial, nats', 0.3, 0.8),
  most('klMost', 'largest KL of a shown dial, nats', 6, 3),
  most('aggregateMean', 'aggregate on the dials: mean furthest from 0', 0.15, 0.08),
  least('aggregateSpreadLeast', 'aggregate on the dials: least spread', 0.85, 0.92),
  most('aggregateSpreadMost', 'aggregate on the dials: largest spread', 1.15, 1.08),
  most('winnerNormal', 'most frequent winner, standard normal', 0.01, 0.005),
  most('winnerUniform', 'most frequent winner, uniform on the dials', 0.01, 0.007),
  most('errorRatio', 'picture error of the top match over the best garment’s, uniform on the dials', 1.5, 1.4),
  least('spearmanColour', 'named dials of colour: least Spearman, held out', 0.97, 0.98),
  least('spearmanShape', 'named dials of shape: least Spearman, held out', 0.92, 0.94),
  least('purityColour', 'named dials of colour: least purity', 0.75, 0.8),
  least('purityShape', 'named dials of shape: least purity', 0.5, 0.62),
  least('recall', 'recall@1, z ~ q(z|x)', 0.99, 0.998),
  least('decoderMean', 'decoder against float: mean, dB', 45, 52),
  least('decoderWorst', 'decoder against float: worst picture, dB', 40, 46),
  most('encoderMean', 'encoder against float: error of mu, mean, sigmas', 0.1, 0.04),
  most('encoderWorst', 'encoder against float: error of mu, worst dial, sigmas', 0.3, 0.1),
  least('encoderSameTop', 'encoder against float: same top match', 0.95, 0.98),
  least('iou', 'alpha IoU, held out', 0.93, 0.945),
  least('psnr', 'PSNR, held out, dB', 19, 19.5),
];

export type Verdict = 'holds, at the goal' | 'holds' | 'falls short' | 'not measured';

export interface JudgedGate extends Gate {
  readonly figure: number | undefined;
  /** Where the figure is from. */
  readonly from: 'this box' | 'the trainer' | undefined;
  readonly verdict: Verdict;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The gates of a manifest's `evaluation`, as far as they are such: `{gate, key, figure, floor, goal}` each. */
export function trainersGates(evaluation: Readonly<Record<string, unknown>>): (Gate & { readonly figure: number })[] {
  const { gates } = evaluation;
  if (!Array.isArray(gates)) return [];
  return gates.flatMap((written: unknown) => {
    if (!isRecord(written)) return [];
    const { key, gate, figure, floor, goal } = written;
    const numbers = [figure, floor, goal].every(value => typeof value === 'number' && Number.isFinite(value));
    if (typeof key !== 'string' || !numbers) return [];
    const [f, low, high] = [Number(figure), Number(floor), Number(goal)];
    return [
      { key, name: typeof gate === 'string' ? gate : key, figure: f, floor: low, goal: high, atMost: high < low },
    ];
  });
}

export function verdictOn({ floor, goal, atMost }: Gate, figure: number | undefined): Verdict {
  if (figure === undefined || Number.isNaN(figure)) return 'not measured';
  const within = (bound: number): boolean => (atMost ? figure <= bound : figure >= bound);
  if (within(goal)) return 'holds, at the goal';
  return within(floor) ? 'holds' : 'falls short';
}

/**
 * Every gate with its figure: this box's where there is one, else the trainer's. Gates that only the trainer knows (those
 * of drawn garments) come last, with the floors they came with.
 * @param measured figures of this box by key
 */
export function judge(
  measured: Readonly<Record<string, number | undefined>>,
  evaluation: Readonly<Record<string, unknown>>,
): JudgedGate[] {
  const trainers = trainersGates(evaluation);
  const known = GATES.map((gate): JudgedGate => {
    const own = measured[gate.key];
    const theirs = trainers.find(({ key }) => key === gate.key)?.figure;
    const figure = own ?? theirs;
    const from = own !== undefined ? 'this box' : theirs !== undefined ? 'the trainer' : undefined;
    return { ...gate, figure, from, verdict: verdictOn(gate, figure) };
  });
  const further = trainers
    .filter(({ key }) => !GATES.some(gate => gate.key === key))
    .map((gate): JudgedGate => ({ ...gate, from: 'the trainer', verdict: verdictOn(gate, gate.figure) }));
  return [...known, ...further];
}

/** Gates that keep a bundle from shipping. */
export const notHeld = (gates: readonly JudgedGate[]): JudgedGate[] =>
  gates.filter(({ verdict }) => verdict === 'falls short' || verdict === 'not measured');
