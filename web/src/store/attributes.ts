/** Profile attributes: which there are, and what they say of the people whose profile was looked at. */
import type { UserPropertyField } from '@mattermost/types/properties';

export type Attribute = UserPropertyField;
export type AttributeValue = string | readonly string[];
type Values = Readonly<Record<string, AttributeValue>>;

export type AttributesState = {
  /** By id; undefined until they were asked for. */
  fields?: Readonly<Record<string, Attribute>>;
  /** By person, then by field; of people who were asked for. */
  values: Readonly<Record<string, Values>>;
};

export type AttributesAction =
  | { type: 'attributes/fields'; fields: readonly Attribute[] }
  /** A field is new or was changed; `emptied` when its values are gone. */
  | { type: 'attributes/field'; field: Attribute; emptied: boolean }
  | { type: 'attributes/gone'; fieldId: string }
  /** All that is said of somebody. */
  | { type: 'attributes/of'; userId: string; values: Values }
  /** Some of it changed. */
  | { type: 'attributes/changed'; userId: string; values: Values };

export const noAttributes: AttributesState = { values: {} };

const withoutField = (values: AttributesState['values'], fieldId: string): AttributesState['values'] =>
  Object.fromEntries(
    Object.entries(values).map(([userId, said]) => {
      const { [fieldId]: _, ...rest } = said;
      return [userId, rest];
    }),
  );

/** attributes is the reducer of this domain. */
export function attributes(state: AttributesState, action: AttributesAction): AttributesState {
  switch (action.type) {
    case 'attributes/fields':
      return { ...state, fields: Object.fromEntries(action.fields.map((field) => [field.id, field])) };
    case 'attributes/field': {
      const { field, emptied } = action;
      // Nobody asked for them yet: whoever does gets this one too.
      if (!state.fields || (state.fields[field.id]?.update_at ?? 0) > field.update_at) return state;
      const values = emptied ? withoutField(state.values, field.id) : state.values;
      return { values, fields: { ...state.fields, [field.id]: field } };
    }
    case 'attributes/gone': {
      if (!state.fields?.[action.fieldId]) return state;
      const { [action.fieldId]: _, ...fields } = state.fields;
      return { fields, values: withoutField(state.values, action.fieldId) };
    }
    case 'attributes/of':
      return { ...state, values: { ...state.values, [action.userId]: action.values } };
    case 'attributes/changed': {
      const known = state.values[action.userId];
      if (!known) return state;
      return { ...state, values: { ...state.values, [action.userId]: { ...known, ...action.values } } };
    }
  }
}

const none: Attribute[] = [];
const sorted = new WeakMap<object, Attribute[]>();

/** attributeList is all attributes in their order; the same list while nothing changed. */
export function attributeList(state: AttributesState): Attribute[] {
  if (!state.fields) return none;
  let list = sorted.get(state.fields);
  if (!list) {
    list = Object.values(state.fields).sort(
      (a, b) => (a.attrs.sort_order ?? 0) - (b.attrs.sort_order ?? 0) || a.create_at - b.create_at,
    );
    sorted.set(state.fields, list);
  }
  return list;
}

/** isSaid tells whether a value says anything. */
export const isSaid = (value: AttributeValue | undefined): value is AttributeValue =>
  value !== undefined && value.length > 0;
