/** The order in which sizes hang: letters from small to large, then numbers, then words. */
const LETTERS = /^(\d*)(X*)(S|M|L)$/i;
/** Between the letters and the numbers, and between the numbers and the words. */
const [NUMBERS, WORDS] = [1_000, 1_000_000];

/** S is -1, XS -2, 3XL 4. */
function letters([, times = '', many = '', letter = '']: RegExpExecArray): number {
  const extra = times === '' ? many.length : Number(times);
  return { S: -1 - extra, M: 0, L: 1 + extra }[letter.toUpperCase() as 'S' | 'M' | 'L'];
}

function place(size: string): number {
  const found = LETTERS.exec(size.trim());
  if (found !== null) return letters(found);
  const number = Number.parseFloat(size);
  return Number.isFinite(number) ? NUMBERS + number : WORDS;
}

/** For `sort`. */
export const bySize = (a: string, b: string): number => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0);
