/** Which language the client speaks, and the loading of its catalogue: first the first screen's part, then the rest as it is needed. */

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

/** Texts are the words of a language, by id. */
type Texts = Record<string, string>;

/** The parts of a catalogue beside the first screen's, once each is asked for. */
const rest = {
  late: { en: () => import('./en/late'), fr: () => import('./fr/late') },
  admin: { en: () => import('./en/admin'), fr: () => import('./fr/admin') },
  integrations: { en: () => import('./en/integrations'), fr: () => import('./fr/integrations') },
};
type Part = keyof typeof rest;

interface Catalogue {
  texts: Texts;
  parts: Partial<Record<Part, Promise<void>>>;
}

const catalogues = new Map<Locale, Catalogue>();
const wanted = new Set<Part>();

async function complete(locale: Locale, catalogue: Catalogue): Promise<void> {
  const load = (part: Part): Promise<void> =>
    rest[part][locale]().then(
      // The same object: what is on the screen already has its words and needn't be drawn again.
      (more) => void Object.assign(catalogue.texts, more.default),
      (error: unknown) => {
        delete catalogue.parts[part];
        throw error;
      },
    );
  await Promise.all(
    [...wanted].map((part) => {
      catalogue.parts[part] ??= load(part);
      return catalogue.parts[part];
    }),
  );
}

/**
 * loadTexts fetches the texts of the first screen in a language, and the others that were asked for. It
 * rejects when they can't be loaded.
 */
export async function loadTexts(locale: Locale): Promise<Texts> {
  let catalogue = catalogues.get(locale);
  if (!catalogue) {
    const first = await (locale === 'fr' ? import('./fr/first') : import('./en/first'));
    catalogue = catalogues.get(locale) ?? { texts: { ...first.default }, parts: {} };
    catalogues.set(locale, catalogue);
  }
  await complete(locale, catalogue);
  return catalogue.texts;
}

async function want(part: Part): Promise<void> {
  wanted.add(part);
  await Promise.all([...catalogues].map(([locale, catalogue]) => complete(locale, catalogue)));
}

/**
 * lateTexts adds the texts that the first screen does without to those that are there. Parts that are loaded later wait
 * for it (`ui/late.tsx`). It rejects when they can't be loaded.
 */
export const lateTexts = (): Promise<void> => want('late');

/** adminTexts adds those of the System Console, which nobody else needs. It rejects when they can't be loaded. */
export const adminTexts = (): Promise<void> => want('admin');

/** integrationTexts adds those of the pages of integrations. It rejects when they can't be loaded. */
export const integrationTexts = (): Promise<void> => want('integrations');

const wishedKey = 'parley.locale';
const chosen = 'parley:locale';

/** wishedLocale is the language for the pages before sign-in: the one chosen on this device, else the browser's. */
export function wishedLocale(): Locale {
  return bestLocale([localStorage.getItem(wishedKey) ?? '', ...navigator.languages]);
}

const ownKey = 'parley.locale.own';

/** rememberLocale keeps the language of who is signed in, so that the next page begins with it. */
export function rememberLocale(locale: Locale): void {
  if (localStorage.getItem(ownKey) !== locale) localStorage.setItem(ownKey, locale);
}

/** rememberedLocale is that language; before anybody was signed in here, the wished one. */
export function rememberedLocale(): Locale {
  const own = localStorage.getItem(ownKey);
  return own ? bestLocale([own]) : wishedLocale();
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
