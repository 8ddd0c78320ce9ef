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

const wishedKey = 'parley.locale';
const chosen = 'parley:locale';

/** wishedLocale is the language for the pages before sign-in: the one chosen on this device, else the browser's. */
export function wishedLocale(): Locale {
  return bestLocale([localStorage.getItem(wishedKey) ?? '', ...navigator.languages]);
}

/** chooseLocale remembers a language for the pages before sign-in. */
export function chooseLocale(locale: Locale): void {
  localStorage.setItem(wishedKey, locale);
  window.dispatchEvent(new Event(chosen));
}

/** onLocaleChosen calls a listener after a choice. It returns how to stop. */
export function onLocaleChosen(listener: () => void): () => void {
  window.addEventListener(chosen, listener);
  return () => window.removeEventListener(chosen, listener);
}
