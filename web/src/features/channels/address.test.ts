import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressFrom, addressMost, addressProblem, typedAddress } from './address';

describe('addressFrom', () => {
  it('takes accents, spaces and punctuation out', () => {
    expect(addressFrom('Été à la plage !')).toBe('ete-a-la-plage');
    expect(addressFrom('  R&D / “Große” Pläne ')).toBe('r-d-grosse-plane');
    expect(addressFrom('Paul’s place')).toBe('pauls-place');
    expect(addressFrom('')).toBe('');
  });

  it('makes one up for a name in another script', () => {
    expect(addressFrom('雑談', () => 0.5)).toMatch(/^channel-[a-z0-9]{6}$/);
  });

  it('always makes an address that the server takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 90 }), (name) => {
        const address = addressFrom(name);
        expect(address.length).toBeLessThanOrEqual(addressMost);
        if (name.trim()) expect(addressProblem(address)).toBeUndefined();
      }),
    );
  });
});

describe('typedAddress', () => {
  it('keeps what may stand there while one types', () => {
    expect(typedAddress('Mon canal Préféré-')).toBe('mon-canal-prefere-');
    expect(typedAddress('a/b?c')).toBe('abc');
  });
});

describe('addressProblem', () => {
  it('names what is wrong', () => {
    expect(addressProblem('')).toBe('channels.address.empty');
    expect(addressProblem('-a')).toBe('channels.address.bad');
    expect(addressProblem(`${'a'.repeat(26)}__${'b'.repeat(26)}`)).toBe('channels.address.bad');
    expect(addressProblem('good_one-2')).toBeUndefined();
  });
});
