import { describe, expect, it } from 'vitest';
import { parse } from './parse';
import { wordsOf } from './words';

const linksIn = (text: string): string[] => wordsOf(text).links;

describe('addresses without a scheme', () => {
  it.each([
    ['see example.org', 'https://example.org'],
    ['see example.org/path?q=1#top.', 'https://example.org/path?q=1#top'],
    ['(example.com)', 'https://example.com'],
    ['Example.org, they say', 'https://Example.org'],
    ['EXAMPLE.ORG', 'https://EXAMPLE.ORG'],
    ['at docs.parley.dev:8065/help', 'https://docs.parley.dev:8065/help'],
    ['youtu.be/abc', 'https://youtu.be/abc'],
    ['lemonde.fr et service-public.fr', 'https://lemonde.fr', 'https://service-public.fr'],
    ['**example.net**', 'https://example.net'],
    ['bbc.co.uk/news', 'https://bbc.co.uk/news'],
    ['www.example.org', 'http://www.example.org'],
  ])('%s is a link', (text, ...links) => {
    expect(linksIn(text)).toEqual(links);
  });

  it.each([
    ...['readme.md', 'main.py', 'lib.rs', 'run.sh', 'server.go', 'node.js', 'e.g. this', 'i.e.', 'v1.2.3', '10.0.0.1'],
    ...['done.In the end', 'fini.it est', 'so.me', 'youtu.be', 'youtu.be/', 'myApp.com', 'a@example.com'],
    ...[
      '~example.org',
      'src/example.org',
      '.example.org',
      '-example.org',
      '$example.org',
      'C:\\example.org',
      '_example.org',
    ],
    ...[
      'example.organic',
      'example.org_x',
      'example.org.zip',
      'example.community',
      'foo.common',
      'x.com-munity',
      '...com',
    ],
    ...['`example.org`', '```\nexample.org\n```', 'example..org', 'exa_mple.org'],
  ])('%s is none', (text) => {
    expect(linksIn(text).filter((link) => !link.startsWith('mailto:'))).toEqual([]);
  });

  it('leaves links and their words alone', () => {
    expect(linksIn('[example.org](https://other.example/x)')).toEqual(['https://other.example/x']);
    expect(linksIn('https://a.example/example.org')).toEqual(['https://a.example/example.org']);
    expect(linksIn('mail me@example.org')).toEqual(['mailto:me@example.org']);
  });

  it('reads long texts of dots in no time', () => {
    for (const text of ['a.'.repeat(20_000), 'a-'.repeat(20_000), `${'a'.repeat(40_000)}.com`, 'com.'.repeat(15_000)]) {
      const before = performance.now();
      parse(text);
      expect(performance.now() - before).toBeLessThan(2000);
    }
  });
});
