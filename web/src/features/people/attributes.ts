/** Commands about profile attributes. Each but `needAttributes` fails with an `ApiError`. */
import * as api from '@/api/attributes';
import { needUsers } from '@/realtime/load';
import { setting } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';

const pickedIn = (values: api.AttributeValues): string[] =>
  Object.entries(values).flatMap(([fieldId, value]) => {
    const type = getState().attributes.fields?.[fieldId]?.type;
    return type === 'user' || type === 'multiuser' ? [value].flat() : [];
  });

/** loadAttributes asks which attributes there are. */
export async function loadAttributes(): Promise<void> {
  dispatch({ type: 'attributes/fields', fields: await api.getAttributes() });
}

/**
 * needAttributes loads what is said of somebody, and asks once which attributes there are: events tell of changes. It
 * never fails: a profile is worth seeing without them.
 */
export async function needAttributes(userId: string): Promise<void> {
  if (setting(getState(), 'FeatureFlagCustomProfileAttributes') === 'false') return;
  try {
    if (!getState().attributes.fields) await loadAttributes();
    if (Object.keys(getState().attributes.fields ?? {}).length === 0) return;
    const values = await api.getAttributeValues(userId);
    dispatch({ type: 'attributes/of', userId, values });
    await needUsers(pickedIn(values));
  } catch {
    // The card stands without them.
  }
}

/** saveValues says something of oneself. */
export async function saveValues(values: api.AttributeValues): Promise<void> {
  const userId = getState().users.me;
  dispatch({ type: 'attributes/changed', userId, values: await api.saveAttributeValues(values) });
}

/** saveAttribute makes an attribute, or changes the one of an id. */
export async function saveAttribute(fields: api.AttributeFields, id?: string): Promise<void> {
  const field = await (id ? api.patchAttribute(id, fields) : api.createAttribute(fields));
  dispatch({ type: 'attributes/field', field, emptied: false });
}

/** moveAttribute puts attributes into another order, by their ids. */
export async function moveAttribute(order: readonly string[]): Promise<void> {
  for (const [index, id] of order.entries()) {
    const field = getState().attributes.fields?.[id];
    if (!field || field.attrs.sort_order === index) continue;
    const moved = await api.patchAttribute(id, { attrs: { ...field.attrs, sort_order: index } });
    dispatch({ type: 'attributes/field', field: moved, emptied: false });
  }
}

/** deleteAttribute takes an attribute out of all profiles. */
export async function deleteAttribute(id: string): Promise<void> {
  await api.deleteAttribute(id);
  dispatch({ type: 'attributes/gone', fieldId: id });
}
