import type { TextId, Translate } from '@/i18n/text';

/** Problem is what is wrong with a field: a text of the client, or the sentence of the server. */
export type Problem = TextId | { words: string };

/** say puts a problem in words; in the language of now, so that a text follows a change of language. */
export function say(t: Translate, problem: Problem | undefined): string | undefined {
  if (problem === undefined) return undefined;
  return typeof problem === 'string' ? t(problem) : problem.words;
}
