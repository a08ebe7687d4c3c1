/** What says that somebody is at the screen. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Tells of every sign of somebody, whatever on the page it is meant for. @returns what ends it */
export function watchHands(run: () => void): () => void {
  for (const sign of SIGNS) document.addEventListener(sign, run, { capture: true, passive: true });
  return () => {
    for (const sign of SIGNS) document.removeEventListener(sign, run, { capture: true });
  };
}
