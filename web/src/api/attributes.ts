/** Profile attributes: what people say of themselves beside their names. */
import type { UserPropertyField } from '@mattermost/types/properties';
import { del, get, post, request } from './http';

export type Attribute = UserPropertyField;
export type AttributeValue = string | readonly string[];
export type AttributeValues = Record<string, AttributeValue>;

const root = '/custom_profile_attributes';

export const getAttributes = (): Promise<Attribute[]> => get(`${root}/fields`);
export const getAttributeValues = (userId: string): Promise<AttributeValues> => get(`/users/${userId}${root}`);
export const saveAttributeValues = (values: AttributeValues): Promise<AttributeValues> =>
  request('PATCH', `${root}/values`, { body: values });

export type AttributeFields = {
  name: string;
  type: Attribute['type'];
  attrs: Partial<Omit<Attribute['attrs'], 'options'>> & { options?: { id?: string; name: string; color?: string }[] };
};
export const createAttribute = (fields: AttributeFields): Promise<Attribute> => post(`${root}/fields`, fields);
export const patchAttribute = (id: string, fields: Partial<AttributeFields>): Promise<Attribute> =>
  request('PATCH', `${root}/fields/${id}`, { body: fields });
export const deleteAttribute = (id: string): Promise<unknown> => del(`${root}/fields/${id}`);
