import { describe, expect, it } from 'vitest';
import { type Attribute, type AttributesAction, attributeList, attributes, noAttributes } from './attributes';

const field = (id: string, order: number, update_at = 1): Attribute =>
  ({ id, name: id, type: 'text', attrs: { sort_order: order }, create_at: 1, update_at }) as Attribute;

const after = (...actions: AttributesAction[]) => actions.reduce(attributes, noAttributes);
const known = after(
  { type: 'attributes/fields', fields: [field('b', 2), field('a', 1)] },
  { type: 'attributes/of', userId: 'ada', values: { a: 'Lyon', b: 'Go' } },
);

describe('profile attributes', () => {
  it('stand in their order, which an older answer doesn’t change back', () => {
    expect(attributeList(known).map(({ id }) => id)).toEqual(['a', 'b']);
    const moved = attributes(known, { type: 'attributes/field', field: field('a', 3, 5), emptied: false });
    expect(attributeList(moved).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(attributes(moved, { type: 'attributes/field', field: field('a', 1, 4), emptied: false })).toBe(moved);
  });
  it('lose what they say when they are emptied or gone', () => {
    const emptied = attributes(known, { type: 'attributes/field', field: field('a', 1, 2), emptied: true });
    expect(emptied.values.ada).toEqual({ b: 'Go' });
    expect(attributes(known, { type: 'attributes/gone', fieldId: 'b' }).values.ada).toEqual({ a: 'Lyon' });
  });
  it('that nobody asked for stay unknown', () => {
    expect(after({ type: 'attributes/field', field: field('a', 1), emptied: false })).toBe(noAttributes);
    expect(attributes(known, { type: 'attributes/changed', userId: 'bob', values: { a: 'x' } })).toBe(known);
  });
});
