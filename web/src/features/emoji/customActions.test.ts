import { expect, it } from 'vitest';
import { nameFrom, nameProblem, tidyName } from './customActions';

it('suggests a name from that of a file', () => {
  expect(nameFrom('Party Parrot (1).gif')).toBe('party_parrot_1');
  expect(nameFrom('Été à la mer.PNG')).toBe('ete_a_la_mer');
  expect(nameFrom('日本.png')).toBe('');
  expect(nameFrom(`${'x'.repeat(90)}.png`)).toHaveLength(64);
});

it('says what is wrong with a name before the server is asked', () => {
  const taken = (name: string) => ({ smile: 'system' as const, logo: 'custom' as const })[name];
  expect(nameProblem(tidyName(' :Logo2: '), taken)).toBeUndefined();
  expect(nameProblem('logo', taken)).toBe('custom');
  expect(nameProblem('smile', taken)).toBe('system');
  for (const bad of ['', 'é', 'a b', 'x'.repeat(65), '<b>']) expect(nameProblem(bad, taken)).toBe('letters');
});
