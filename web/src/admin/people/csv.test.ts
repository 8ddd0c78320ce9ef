import type { UserProfile } from '@mattermost/types/users';
import { expect, test } from 'vitest';
import { cell, csvOf } from './csv';

test('a cell is no formula, and ends where it ends', () => {
  expect(cell('=HYPERLINK("https://example.com")')).toBe(`"'=HYPERLINK(""https://example.com"")"`);
  expect(['+1', '-1', '@SUM(A1)', '\t=1'].map(cell)).toEqual(["'+1", "'-1", "'@SUM(A1)", `"'\t=1"`]);
  expect(['plain', 'a,b', 'a"b', 'a\r\nb', ''].map(cell)).toEqual(['plain', '"a,b"', '"a""b"', '"a\r\nb"', '']);
});

test('a list has a line for each account', () => {
  const ada = { id: 'x', username: 'ada', email: 'ada@example.com', last_name: 'L, A', create_at: 1, delete_at: 0 };
  const lines = csvOf([ada as UserProfile]).split('\r\n');
  expect(lines[0]).toMatch(/^\ufeffid,username,email,/);
  expect(lines[1]).toBe('x,ada,ada@example.com,,"L, A",,,,,,false,1970-01-01T00:00:00.001Z,');
  expect(lines).toHaveLength(3);
});
