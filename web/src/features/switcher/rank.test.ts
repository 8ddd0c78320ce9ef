import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, folded, matchOf, partsOf, type Ranked, wordsOf } from './rank';

const quality = (label: string, query: string, others: string[] = []) => matchOf(wordsOf(label, others), folded(query));

describe('matchOf', () => {
  it('prefers the whole, the beginning, a word, initials, the inside, and then letters here and there', () => {
    const labels = ['design', 'design critique', 'brand design', 'redesign', 'deep sightings'];
    const found = labels.map((label) => quality(label, 'design'));
    expect(found).toEqual([0, 1, 2, 4, 5]);
    expect(quality('data entry signals', 'des')).toBe(3);
    expect(quality('marketing', 'design')).toBeUndefined();
  });

  it('pays no heed to accents and case, on either side', () => {
    expect(quality('Élodie Durand', 'elo')).toBe(1);
    expect(quality('Zoe', 'Zoë')).toBe(0);
    expect(quality('Jürgen Weiß', 'jurgen')).toBe(1);
  });

  it('finds by other names, a little later than by the one that is read', () => {
    expect(quality('Ada Lovelace', 'al', ['ada.lovelace'])).toBe(3);
    expect(quality('Grace', 'ghopper', ['ghopper'])).toBe(0.5);
    const shown = quality('hopper', 'hop') ?? 9;
    expect(shown).toBeLessThan(quality('Grace', 'hop', ['hopper']) ?? 9);
  });

  it('wants every word of a query, in any order', () => {
    expect(quality('Customer atlas', 'atlas cust')).toBeDefined();
    expect(quality('Customer atlas', 'cust borealis')).toBeUndefined();
    const together = quality('release notes', 'release no') ?? 9;
    expect(together).toBeLessThan(quality('notes of a release', 'release no') ?? 9);
  });

  it('does not take letters that lie far apart for a match', () => {
    expect(quality('a very long name that goes on', 'amo')).toBeUndefined();
    expect(quality('x', 'xyz')).toBeUndefined();
  });
});

describe('compare', () => {
  const one = (more: Partial<Ranked>): Ranked => ({
    fit: 1,
    visited: 0,
    waiting: 0,
    at: 0,
    own: true,
    label: 'x',
    ...more,
  });
  const order = (list: Ranked[]) => [...list].sort(compare).map((item) => item.label);

  it('goes by the match, then by what is one’s own, where one was, what waits, and what is alive', () => {
    const list = [
      one({ label: 'old', at: 1 }),
      one({ label: 'not in it', own: false, at: 9 }),
      one({ label: 'unread', waiting: 1 }),
      one({ label: 'mention', waiting: 2 }),
      one({ label: 'said', at: 5 }),
      one({ label: 'visited', visited: 2 }),
      one({ label: 'best', fit: 0 }),
    ];
    expect(order(list)).toEqual(['best', 'visited', 'mention', 'unread', 'said', 'old', 'not in it']);
  });

  it('puts shorter names first where nothing else decides', () => {
    expect(order([one({ label: 'design critique' }), one({ label: 'design' })])).toEqual(['design', 'design critique']);
  });
});

describe('partsOf', () => {
  const hits = (label: string, query: string) =>
    partsOf(label, query)
      .map((part) => (part.hit ? `[${part.text}]` : part.text))
      .join('');

  it('marks what was typed in the label as it is written', () => {
    expect(hits('Élodie Durand', 'elo')).toBe('[Élo]die Durand');
    expect(hits('Customer atlas', 'atlas cust')).toBe('[Cust]omer [atlas]');
    expect(hits('Data entry signals', 'des')).toBe('[D]ata [e]ntry [s]ignals');
    expect(hits('redesign', 'sign')).toBe('rede[sign]');
    expect(hits('design', '')).toBe('design');
  });

  it('never changes the label', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (label, query) => {
        const text = partsOf(label, folded(query)).map((part) => part.text);
        expect(text.join('')).toBe(label);
      }),
    );
  });
});
