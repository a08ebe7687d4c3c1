/** Time as access needs it; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970, for what people read. It may jump: a box has no battery for its clock. */
  wall(): number;
  /** Milliseconds that only ever go forward, for what expires and what is locked. */
  steady(): number;
}

export const systemClock: Clock = { wall: () => Date.now(), steady: () => performance.now() };
