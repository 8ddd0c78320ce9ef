/** Which language the client speaks, and the loading of its catalogue as a chunk of its own. */

/** The languages that are complete. The first is spoken to whoever speaks none of them. */
export const locales = ['en', 'fr'] as const;
export type Locale = (typeof locales)[number];

/** bestLocale picks the first wished language that is complete; `fr-CA` counts as `fr`. */
export function bestLocale(wished: readonly string[]): Locale {
  for (const wish of wished) {
    const language = wish.toLowerCase().split('-')[0];
    const found = locales.find((locale) => locale === language);
    if (found) return found;
  }
  return locales[0];
}

/** loadTexts fetches the catalogue of a language. It rejects when the chunk can't be loaded. */
export async function loadTexts(locale: Locale): Promise<Record<string, string>> {
  const catalog = locale === 'fr' ? await import('./fr') : await import('./en');
  return catalog.default;
}
