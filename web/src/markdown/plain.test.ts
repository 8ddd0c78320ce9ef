import { beforeAll, expect, test } from 'vitest';
import { loadGlyphs } from './glyphs';
import { plainText } from './plain';
import { imagesOf, namesOf, permalinkOf, wordsOf } from './words';

beforeAll(() => loadGlyphs().then(() => undefined));

test('a preview is one line without markup', () => {
  const text =
    '# Plan\n\n> **Ana** said :smile:\n\n- [x] one\n- two\n\n|a|b|\n|-|-|\n|1|2|\n\n```go\nx := 1\n```\n---\n![cat](http://a/b.png)';
  expect(plainText(text)).toBe('Plan Ana said 😄 one two a b 1 2 x := 1 cat');
  expect(plainText('a\nb   c')).toBe('a b c');
  expect(plainText('@ana and ~town :nothing:', { mention: (name) => (name === 'ana' ? 'Ana Lopes' : undefined) })).toBe(
    '@Ana Lopes and ~town :nothing:',
  );
});

test('a preview is bounded by characters as people count them', () => {
  expect(plainText('abcdef', { max: 4 })).toBe('abc…');
  expect(plainText('😄😄😄', { max: 2 })).toBe('😄…');
  expect(plainText('x'.repeat(500_000)).length).toBe(300);
});

test('what a message names is found outside code', () => {
  const named = wordsOf(
    '@Ana @here `@ben` ~Town #Tag :a:b: [x](http://a.b)\n```\n@carl\n```\n@ana @channel. http://a.b',
  );
  expect(named).toEqual({
    people: ['ana'],
    everyone: ['here', 'channel'],
    channels: ['town'],
    hashtags: ['#tag'],
    emojis: ['a', 'b'],
    links: ['http://a.b'],
  });
  expect(namesOf('ana._')).toEqual(['ana._', 'ana.', 'ana']);
});

test('a permalink counts when it is the first link and of this site', () => {
  const id = 'abcdefghijklmnopqrstuvwxyz';
  expect(permalinkOf(`see http://chat.test/team/pl/${id}`, 'http://chat.test')).toBe(id);
  expect(permalinkOf(`http://a.b http://chat.test/team/pl/${id}`, 'http://chat.test')).toBeUndefined();
  expect(permalinkOf(`http://else.test/team/pl/${id}`, 'http://chat.test')).toBeUndefined();
  expect(imagesOf('![a](http://a/b.png) > ![c](http://a/c.png)')).toEqual(['http://a/b.png', 'http://a/c.png']);
});
