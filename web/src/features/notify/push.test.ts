import { expect, test } from 'vitest';
import { browserName, bytesOf } from './push';

test('a browser is named by what people call it', () => {
  const linux = 'Mozilla/5.0 (X11; Linux x86_64)';
  expect(browserName(`${linux} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36`)).toBe(
    'Chrome · Linux',
  );
  expect(browserName('Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe('Firefox · Windows');
  expect(browserName('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0')).toBe(
    'Edge · Windows',
  );
  expect(browserName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1')).toBe(
    'Safari · iOS',
  );
  expect(browserName('something else')).toBe('');
});

test('a key is read from base64url', () => {
  expect([...bytesOf('-_8A')]).toEqual([251, 255, 0]);
});
