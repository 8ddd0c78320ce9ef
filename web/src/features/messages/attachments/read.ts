/** Message attachments come from integrations: what can't be read as one is left out. */
import type { MessageAttachment } from '@mattermost/types/message_attachments';

export interface Field {
  title: string;
  value: string;
  short: boolean;
}

/** Attachment is one of them, every part a string that may be empty. */
export interface Attachment {
  color: string;
  pretext: string;
  text: string;
  fallback: string;
  title: string;
  titleLink: string;
  author: string;
  authorLink: string;
  authorIcon: string;
  image: string;
  thumb: string;
  footer: string;
  footerIcon: string;
  fields: Field[];
  /** Buttons and menus, as they came (`actions.ts`). */
  actions: readonly unknown[];
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** Addresses that a browser may follow or load; everything else is as good as none. */
const address = (value: unknown): string => (/^(?:https?:\/\/|mailto:|\/)/i.test(text(value)) ? text(value) : '');

const colours: Record<string, string> = { good: 'good', warning: 'warning', danger: 'danger' };

function colour(value: unknown): string {
  const name = text(value).trim().toLowerCase();
  if (colours[name]) return colours[name];
  const hex = name.startsWith('#') ? name : `#${name}`;
  return /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/.test(hex) ? hex : '';
}

function fieldsOf(value: MessageAttachment['fields']): Field[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((one) => one !== null && typeof one === 'object')
    .map((one) => ({ title: text(one.title), value: text(one.value), short: one.short === true }))
    .filter((one) => one.title !== '' || one.value !== '');
}

function read(value: unknown): Attachment | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const one = value as MessageAttachment;
  return {
    color: colour(one.color),
    pretext: text(one.pretext),
    text: text(one.text),
    fallback: text(one.fallback),
    title: text(one.title),
    titleLink: address(one.title_link),
    author: text(one.author_name),
    authorLink: address(one.author_link),
    authorIcon: address(one.author_icon),
    image: address(one.image_url),
    thumb: address(one.thumb_url),
    footer: text(one.footer),
    footerIcon: address(one.footer_icon),
    fields: fieldsOf(one.fields),
    actions: Array.isArray(one.actions) ? one.actions : [],
  };
}

const nothing: readonly Attachment[] = [];
const known = new WeakMap<object, readonly Attachment[]>();

/** attachmentsOf reads the attachments of a message; the same props give the same list. */
export function attachmentsOf(props: Readonly<Record<string, unknown>>): readonly Attachment[] {
  const listed = props.attachments;
  if (!Array.isArray(listed) || listed.length === 0) return nothing;
  let found = known.get(listed);
  if (!found) {
    found = listed.map(read).filter((one) => one !== undefined);
    known.set(listed, found);
  }
  return found;
}
