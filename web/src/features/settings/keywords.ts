/** Words that one is called by, as the protocol keeps them: one text, separated by commas. */

/** wordsOf reads a list. */
export const wordsOf = (list: string | undefined): string[] =>
  (list ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

/** listOf writes one. */
export const listOf = (words: readonly string[]): string => words.join(',');

/** typed splits what somebody typed or pasted into words. A word has no spaces: messages are compared word by word. */
export const typed = (text: string): string[] => text.split(/[\s,]+/u).filter(Boolean);

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** withWords adds words that aren't there yet, in whatever case. */
export function withWords(words: readonly string[], more: readonly string[]): string[] {
  const all = [...words];
  for (const word of more) if (!all.some((one) => same(one, word))) all.push(word);
  return all;
}

/** Keywords are the words of a list, the username apart: whether it counts without its @ is a question of its own. */
export type Keywords = { username: boolean; words: string[] };

/** keywordsOf reads the words that mention somebody. The username with its @ always does, so it isn't listed. */
export function keywordsOf(list: string | undefined, username: string): Keywords {
  const all = wordsOf(list);
  return {
    username: all.some((word) => same(word, username)),
    words: all.filter((word) => !same(word, username) && !same(word, `@${username}`)),
  };
}

/** keywordList writes them. */
export const keywordList = ({ username, words }: Keywords, name: string): string =>
  listOf(username ? [name, ...words] : words);
