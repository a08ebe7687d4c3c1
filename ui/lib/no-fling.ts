/**
 * For what follows the finger itself. Chromium makes a fling of every quick movement, even where `touch-action` lets nothing
 * scroll, and for as long as a second it takes the next tap, wherever that is, for the one that stops it: a button tapped
 * just after a dial was flicked does nothing. No fling comes of a touch whose start has been taken.
 */
export const noFling = (event: Event): void => event.preventDefault();
