/** What the file of keys must hold after each step of the workload, worked out without it. */

/** The steps of a round, which comes again and again. */
export const STEPS = ['key', 'pin', 'begin', 'end', 'pair', 'wrong', 'enter', 'revoke', 'certificate'] as const;
export type StepKind = (typeof STEPS)[number];

export const WRONG_PIN = '000001';

/** What was done, to what, and how it ended. */
export type LineSeen = readonly [what: string, subject: string | null, outcome: number | null];

export interface State {
  readonly keys: readonly { readonly name: string; readonly scope: string; readonly revoked: boolean }[];
  /** The oldest first. */
  readonly lines: readonly LineSeen[];
  /** How many PINs there have been. */
  readonly pin: number;
  /** Wrong ones since the last that was right. */
  readonly tries: number;
  /** Whom the certificate is for. */
  readonly certificate: string | null;
}

const roundOf = (number: number): number => Math.ceil(number / STEPS.length);

/** Of step `number`, from 1. */
export const kindOf = (number: number): StepKind => STEPS[(number + STEPS.length - 1) % STEPS.length] ?? 'key';

/** The key that a step of this kind makes in the round of step `number`. */
export const nameOf = (kind: string, number: number): string => `${kind} of round ${roundOf(number)}`;

/** The PIN there is after step `number`. */
export const pinOf = (number: number): string => {
  const set = Math.floor((number + STEPS.length - 2) / STEPS.length);
  return `2718${String(set).padStart(4, '0')}`;
};

type Changes = { -readonly [K in keyof State]: State[K] };

function after(state: Changes, number: number): Changes {
  const line = (what: string, subject: string | null, outcome: number | null): LineSeen[] => [
    ...state.lines,
    [what, subject, outcome],
  ];
  const what = `step ${number}`;
  const made = (name: string, scope: string, revoked = false): State['keys'] =>
    [...state.keys.filter(key => key.name !== name), { name, scope, revoked }].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  const [key, paired] = [nameOf('key', number), nameOf('pair', number)];
  const steps: Record<StepKind, () => Partial<Changes>> = {
    key: () => ({ keys: made(key, 'inventory'), lines: line('keys create', `“${key}”, inventory`, 201) }),
    pin: () => ({ pin: state.pin + 1, tries: 0, lines: line(what, null, 204) }),
    begin: () => ({ lines: line(what, 'g1', null) }),
    end: () => ({ lines: [...state.lines.slice(0, -1), [`step ${number - 1}`, 'g1', 200]] }),
    pair: () => ({ keys: made(paired, 'admin'), lines: line(what, `“${paired}”, admin`, 201) }),
    wrong: () => ({ tries: state.tries + 1 }),
    enter: () => ({ tries: 0, lines: line(what, null, 201) }),
    revoke: () => ({ keys: made(key, 'inventory', true), lines: line(what, `“${key}”, inventory`, 200) }),
    certificate: () => ({ certificate: `DNS:step-${number}.local` }),
  };
  return { ...state, ...steps[kindOf(number)]() };
}

const states: State[] = [{ keys: [], lines: [], pin: 0, tries: 0, certificate: null }];

/** The file after step `number`; 0: before the first. */
export function stateAfter(number: number): State {
  for (let last = states.at(-1); states.length <= number && last !== undefined; last = states.at(-1))
    states.push(after(last, states.length));
  const state = states[number];
  if (state === undefined) throw new RangeError(`There is no step ${number}.`);
  return state;
}
