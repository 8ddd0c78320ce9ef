import { expect, it } from 'vitest';
import { addressOf, nameOf } from './bookmarks';

it('completes an address, and takes none that leads off the web', () => {
  expect(addressOf(' example.org/plan ')).toBe('https://example.org/plan');
  expect(addressOf('http://intranet/wiki')).toBe('http://intranet/wiki');
  expect(addressOf('localhost:8080')).toBe('https://localhost:8080/');
  for (const bad of [
    '',
    'plan',
    'two words.org',
    'javascript://example.org/%0aalert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
  ])
    expect(addressOf(bad), bad).toBeUndefined();
});

it('suggests the site as a name', () => {
  expect(nameOf('https://www.example.org/a?b')).toBe('example.org');
});
