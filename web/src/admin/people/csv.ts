import type { UserProfile } from '@mattermost/types/users';
import { listPeople, type PeopleFilter, searchPeople } from '@/api/admin';

const perPage = 200;
/** As many accounts are in a list at most: it is made in the browser. */
export const csvMost = 50_000;

/** Columns by their names in the interface, which programs read and which stay the same in every language. */
const columns = [
  'id',
  'username',
  'email',
  'first_name',
  'last_name',
  'nickname',
  'position',
  'roles',
  'locale',
  'auth_service',
] as const;

/**
 * cell is a value of the list. A spreadsheet takes what begins with certain signs for a formula: those begin with an
 * apostrophe, which it doesn't show.
 */
export function cell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const time = (at: number): string => (at > 0 ? new Date(at).toISOString() : '');

/** csvOf is a list of accounts for a spreadsheet. */
export function csvOf(people: readonly UserProfile[]): string {
  const rows = people.map((one) => [
    ...columns.map((name) => cell(String(one[name] ?? ''))),
    String(one.is_bot === true),
    time(one.create_at),
    time(one.delete_at),
  ]);
  const head = [...columns, 'bot', 'created', 'deactivated'];
  // The mark at the beginning has spreadsheets read it as UTF-8.
  return `\ufeff${[head, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}

/** allPeople reads the accounts of a filter page by page, or those that fit a term. */
export async function allPeople(term: string, filter: PeopleFilter): Promise<UserProfile[]> {
  if (term) return searchPeople(term, filter);
  const found: UserProfile[] = [];
  for (let page = 0; found.length < csvMost; page++) {
    const some = await listPeople(filter, page, perPage);
    found.push(...some);
    if (some.length < perPage) break;
  }
  return found;
}

/** save has the browser keep a text as a file. */
export function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
