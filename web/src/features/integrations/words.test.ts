import { expect, test } from 'vitest';
import { bodyText, curlLine, durationText, fits, isAddress, linesOf, triggerOf } from './words';

test('a thing is found by all words typed, without accents and in any order', () => {
  expect(fits('Prévision du temps, #météo', 'meteo PREV')).toBe(true);
  expect(fits('Prévision du temps', 'temps perdu')).toBe(false);
  expect(fits('anything', '  ')).toBe(true);
});

test('lines are trimmed, kept in order and each once', () => {
  expect(linesOf(' a \n\nb\na\n')).toEqual(['a', 'b']);
  expect(linesOf('')).toEqual([]);
});

test('only whole addresses of the web can be called', () => {
  expect(['https://example.com/x?y=1', 'http://127.0.0.1:8080', 'HTTP://a'].map(isAddress)).toEqual([true, true, true]);
  const wrong = ['', 'example.com', 'ftp://a/b', 'http://', 'https://a b', 'javascript:alert(1)'];
  expect(wrong.filter(isAddress)).toEqual([]);
});

test('a line for the terminal holds its quotes together', () => {
  expect(curlLine('http://a/hooks/b', `it's "fine"`)).toBe(
    `curl -H 'Content-Type: application/json' -d '{"text":"it'\\''s \\"fine\\""}' http://a/hooks/b`,
  );
});

test('a command is named without its slash', () => {
  expect([triggerOf(' /Weather '), triggerOf('//x'), triggerOf('/')]).toEqual(['weather', 'x', '']);
});

test('durations are read in the unit that fits', () => {
  expect(durationText(84.4, 'en')).toBe('84 ms');
  expect(durationText(1234, 'en')).toBe('1.2 sec');
  expect(durationText(1234, 'fr')).toMatch(/^1,2\ss$/);
});

test('bodies of JSON are indented and others left alone', () => {
  expect(bodyText('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(['12', 'token=a&b', '{"cut":'].map(bodyText)).toEqual(['12', 'token=a&b', '{"cut":']);
});
