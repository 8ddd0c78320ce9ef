/** What was searched for lately, on this device. */

const key = 'parley.searches';
const most = 8;

function read(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

function write(list: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(list));
  } catch {
    // Without storage there are no recent searches.
  }
}

/** recentSearches lists them, the last first. */
export const recentSearches = (): string[] => read();

/** rememberSearch notes that something was searched for. */
export function rememberSearch(terms: string): void {
  const text = terms.trim();
  if (text) write([text, ...read().filter((one) => one.toLowerCase() !== text.toLowerCase())].slice(0, most));
}

/** forgetSearch takes one out. */
export const forgetSearch = (terms: string): void => write(read().filter((one) => one !== terms));
