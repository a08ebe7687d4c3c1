/** Marks that tell a line's direction; the page knows it, and what is heard and looked for has none. */
const DIRECTION_MARKS = /[\u061c\u200e\u200f]/g;

/** A price as this language writes it; a whole number of the currency without decimals. Empty where no price is known. */
export const money = (price: number | null, currency: string | null, locale: string): string =>
  written(price, currency, locale).replaceAll(DIRECTION_MARKS, '');

function written(price: number | null, currency: string | null, locale: string): string {
  if (price === null) return '';
  const digits = Number.isInteger(price) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  if (currency === null) {
    return new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2, ...digits }).format(
      price,
    );
  }
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits }).format(price);
  } catch (error) {
    // A catalogue may name a currency that ISO 4217 does not know.
    if (error instanceof RangeError) return `${new Intl.NumberFormat(locale).format(price)} ${currency}`;
    throw error;
  }
}
