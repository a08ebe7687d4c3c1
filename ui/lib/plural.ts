/** Forms of a text by the plural categories of CLDR; `#` stands for the number. A category that is left out has the form of `other`. */
export type PluralForms = { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** The text for a number, as the language counts: Arabic has six ways of it, Japanese one. */
export function plural(locale: string, count: number, forms: PluralForms): string {
  const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
  return form.replace('#', new Intl.NumberFormat(locale).format(count));
}
