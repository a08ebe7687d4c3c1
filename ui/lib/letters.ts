/** From the first hiragana to the last, and how far katakana are from them. */
const [FIRST_KANA, LAST_KANA, TO_KATAKANA] = [0x3041, 0x3096, 0x60] as const;

/** The other form of a letter: its capital, or the katakana; itself where it has none. */
export function otherForm(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  if (code >= FIRST_KANA && code <= LAST_KANA) return String.fromCodePoint(code + TO_KATAKANA);
  const capital = letter.toUpperCase();
  return capital.length === letter.length ? capital : letter;
}
