const FIRST_MS = 250;
const LONGEST_MS = 4_000;

/**
 * Milliseconds to wait before try `attempt` (0 is the first): doubling up to a bound. A kiosk nobody attends must find its
 * daemon again even after a night, so the pause is bounded and the number of tries is not.
 */
export const pauseBefore = (attempt: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
