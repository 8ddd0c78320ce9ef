import { describe, expect, it } from 'vitest';
import { keywordList, keywordsOf, typed, withWords, wordsOf } from './keywords';

describe('keywords', () => {
  it('are read from a list, empty ones left out', () => {
    expect(wordsOf('ship, deploy,, ')).toEqual(['ship', 'deploy']);
    expect(wordsOf(undefined)).toEqual([]);
  });
  it('are split as they are typed or pasted', () => {
    expect(typed(' ship,deploy\nlaunch  été ')).toEqual(['ship', 'deploy', 'launch', 'été']);
  });
  it('stand once, in whatever case', () => {
    expect(withWords(['Ship'], ['ship', 'deploy'])).toEqual(['Ship', 'deploy']);
  });
  it('hold the username apart, and never twice', () => {
    expect(keywordsOf('ada,@ada,engine', 'ada')).toEqual({ username: true, words: ['engine'] });
    expect(keywordsOf('@ada', 'ada')).toEqual({ username: false, words: [] });
    expect(keywordList({ username: true, words: ['engine'] }, 'ada')).toBe('ada,engine');
    expect(keywordList({ username: false, words: [] }, 'ada')).toBe('');
  });
});
