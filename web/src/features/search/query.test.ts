import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterNames, isEmptyQuery, replaced, termsOf, tokenAt, tokens, withFilter } from './query';

const brief = (text: string) => tokens(text).map(({ kind, name, value, not }) => [kind, name, value, not]);

describe('tokens', () => {
  it('reads words, phrases, filters and what is excluded', () => {
    expect(brief('plan from:ana -in:off-topic "two words" -no')).toEqual([
      ['word', undefined, 'plan', false],
      ['filter', 'from', 'ana', false],
      ['filter', 'in', 'off-topic', true],
      ['phrase', undefined, 'two words', false],
      ['word', undefined, 'no', true],
    ]);
  });

  it('takes a value that stands apart, and one that is not there yet', () => {
    expect(brief('from: ana plan')).toEqual([
      ['filter', 'from', 'ana', false],
      ['word', undefined, 'plan', false],
    ]);
    expect(brief('in:')).toEqual([['filter', 'in', '', false]]);
    expect(brief('Channel:"two words"')).toEqual([['filter', 'in', 'two words', false]]);
  });

  it('knows no other filters, and none within quotes', () => {
    expect(brief('note:this "from:ana"')).toEqual([
      ['word', undefined, 'note:this', false],
      ['phrase', undefined, 'from:ana', false],
    ]);
  });

  it('reads an open quote to the end, and French quotes', () => {
    expect(brief('"two wor')).toEqual([['phrase', undefined, 'two wor', false]]);
    expect(brief('«\u00a0deux mots\u00a0»')).toEqual([['phrase', undefined, '\u00a0deux mots\u00a0', false]]);
    expect(termsOf('«\u00a0deux mots\u00a0»')).toEqual(['deux mots']);
  });

  it('leaves nothing out and reads nothing twice, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        let end = 0;
        for (const token of tokens(text)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(text.slice(end, token.start).trim()).toBe('');
          expect(token.end).toBeGreaterThan(token.start);
          expect(text.slice(token.valueStart, token.valueStart + token.value.length)).toBe(token.value);
          end = token.end;
        }
        expect(text.slice(end).trim()).toBe('');
      }),
    );
  });
});

describe('termsOf', () => {
  it('is what stands out in the messages that were found', () => {
    expect(termsOf('plan* from:ana -secret #release "two  words" (maybe) plan*')).toEqual([
      'plan',
      '#release',
      'two words',
      'maybe',
    ]);
  });
});

describe('isEmptyQuery', () => {
  it('is what the server could not look for', () => {
    expect(['', '  ', '""', '-', 'from:', '*'].map(isEmptyQuery)).toEqual([true, true, true, true, true, true]);
    expect(['a', '"a"', 'from:ana', '-a'].map(isEmptyQuery)).toEqual([false, false, false, false]);
  });
});

describe('tokenAt', () => {
  it('is the piece at the caret', () => {
    const text = 'plan from:an in:';
    expect(tokenAt(text, 4)?.value).toBe('plan');
    expect(tokenAt(text, 12)).toMatchObject({ kind: 'filter', name: 'from', value: 'an' });
    expect(tokenAt(text, text.length)).toMatchObject({ name: 'in', value: '' });
    expect(tokenAt('plan ', 5)).toBeUndefined();
  });
});

describe('replaced', () => {
  it('completes in the middle of a query', () => {
    expect(replaced('a from:an b', 7, 9, 'ana', true)).toEqual({ text: 'a from:ana b', caret: 11 });
    expect(replaced('fr', 0, 2, 'from:', false)).toEqual({ text: 'from:', caret: 5 });
  });
});

describe('withFilter', () => {
  it('keeps one filter of a name', () => {
    expect(withFilter('plan in:old now', 'in', 'new')).toBe('in:new plan now');
    expect(withFilter('', 'in', 'town-square')).toBe('in:town-square ');
  });

  it('is read back as it was meant', () => {
    const word = fc.stringMatching(/^[a-z0-9._-]{1,12}$/);
    fc.assert(
      fc.property(fc.constantFrom(...filterNames), word, fc.array(word), (name, value, words) => {
        const text = withFilter(words.join(' '), name, value);
        const filters = tokens(text).filter((token) => token.kind === 'filter' && token.name === name && !token.not);
        expect(filters.map((token) => token.value)).toEqual([value]);
      }),
    );
  });
});
