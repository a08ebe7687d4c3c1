/** How long the steps of an answer take, told to whoever counts them: device/health does. */

export const STEPS = ['decode', 'search', 'draw', 'read', 'encode', 'cutout'] as const;
/**
 * `decode`: the net draws a point, its queue and the way to its process included · `search`: the nearest garments, the search's
 * queue included · `draw`: a picture is enlarged, sharpened and written as PNG or WebP · `read`: a picture file is read into the
 * encoder's tensor · `encode`: the net gives a posterior · `cutout`: a garment is cut out of its photograph
 */
export type Step = (typeof STEPS)[number];

type Heard = (step: Step, milliseconds: number) => void;

export class StepTimes {
  #heard: Heard = () => undefined;

  /** One may listen: the last who asked. */
  onStep(heard: Heard): void {
    this.#heard = heard;
  }

  /** Begins `work` at once, and tells how long it took. Of work that fails nothing is told: its error is counted elsewhere. */
  async of<T>(step: Step, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const done = await work();
    this.#heard(step, performance.now() - began);
    return done;
  }
}
