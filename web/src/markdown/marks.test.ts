import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markText } from './marks';

describe('markText', () => {
  it('marks words with any characters that mean something elsewhere', () => {
    for (const word of ['bob-7', 'a.b', 'c++', '(x)', 'a|b', '[n]', '$5', '^up', 'back\\slash', '{1}', 'why?']) {
      expect(markText(`see ${word} there`, undefined, [word])).toContainEqual({ text: word, mark: 'term' });
      expect(markText(`see ${word} there`, [{ key: word }])).toContainEqual({ text: word, mark: 'key' });
    }
  });

  it('takes any words and loses nothing of the text', () => {
    const words = fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), words, words, (text, keys, terms) => {
        const parts = markText(
          text,
          keys.map((key) => ({ key })),
          terms,
        );
        expect(parts.map((part) => part.text).join('')).toBe(text);
      }),
    );
  });

  it('marks other forms of a word that was searched for, and no other words', () => {
    const marked = (text: string, term: string) =>
      markText(text, undefined, [term]).flatMap((part) => (part.mark ? part.text : []));
    expect(marked('We plan, planned and are planning by plane to a planet', 'plan')).toEqual([
      'plan',
      'planned',
      'planning',
      'plane',
      'plan',
    ]);
    expect(marked('Une décision, des décisions, décider', 'décisions')).toEqual(['décision', 'décisions']);
    expect(marked('tulips, a tulip, TULIP', 'tulips')).toEqual(['tulips', 'tulip', 'TULIP']);
  });
});
