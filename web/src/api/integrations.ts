/** Incoming and outgoing webhooks, slash commands, and what Parley sent for them. Lists have no end of their own: see `all`. */
import { answerOf, del, get, headersOf, post, put, unreachable } from './http';
import type { Ok } from './users';

/** What every integration has: who made it and when. */
type Made = { id: string; create_at: number; update_at: number };

export type IncomingHook = Made & {
  user_id: string;
  channel_id: string;
  team_id: string;
  display_name: string;
  description: string;
  username: string;
  icon_url: string;
  channel_locked: boolean;
};

export type OutgoingHook = Made & {
  creator_id: string;
  channel_id: string;
  team_id: string;
  display_name: string;
  description: string;
  trigger_words: string[] | null;
  /** 0: the first word is one of the trigger words; 1: it begins with one. */
  trigger_when: number;
  callback_urls: string[] | null;
  content_type: string;
  username: string;
  icon_url: string;
  token: string;
};

export type Command = Made & {
  creator_id: string;
  team_id: string;
  display_name: string;
  description: string;
  trigger: string;
  method: string;
  url: string;
  username: string;
  icon_url: string;
  auto_complete: boolean;
  auto_complete_hint: string;
  auto_complete_desc: string;
  /** Offered in the menu of messages, too. */
  on_messages?: boolean;
  token: string;
};

/** The server gives at most this many of a list at once. */
const perPage = 200;
/** More than this many pages are never asked for. */
const pagesMost = 25;

/** all asks for page after page, from 0, until one isn't full. */
export async function all<T>(page: (page: number, perPage: number) => Promise<T[] | null>): Promise<T[]> {
  const found: T[] = [];
  for (let at = 0; at < pagesMost; at++) {
    const some = (await page(at, perPage)) ?? [];
    found.push(...some);
    if (some.length < perPage) break;
  }
  return found;
}

export const getIncoming = (teamId: string): Promise<IncomingHook[]> =>
  all((page, per_page) => get('/hooks/incoming', { team_id: teamId, page, per_page }));
/** saveIncoming makes a webhook, or changes the one whose id it has. */
export const saveIncoming = (hook: Partial<IncomingHook>): Promise<IncomingHook> =>
  hook.id ? put(`/hooks/incoming/${hook.id}`, hook) : post('/hooks/incoming', hook);
export const removeIncoming = (id: string): Promise<Ok> => del(`/hooks/incoming/${id}`);

/** callIncoming does what another program does with a webhook's address. The answer is no JSON unless it is a refusal. */
export async function callIncoming(id: string, text: string): Promise<void> {
  const headers = { ...headersOf('POST'), 'Content-Type': 'application/json' };
  const response = await fetch(`/hooks/${id}`, { method: 'POST', headers, body: JSON.stringify({ text }) }).catch(
    () => {
      throw unreachable();
    },
  );
  if (!response.ok) answerOf(response.status, await response.text());
}

export const getOutgoing = (teamId: string): Promise<OutgoingHook[]> =>
  all((page, per_page) => get('/hooks/outgoing', { team_id: teamId, page, per_page }));
export const saveOutgoing = (hook: Partial<OutgoingHook>): Promise<OutgoingHook> =>
  hook.id ? put(`/hooks/outgoing/${hook.id}`, hook) : post('/hooks/outgoing', hook);
export const removeOutgoing = (id: string): Promise<Ok> => del(`/hooks/outgoing/${id}`);
export const renewOutgoing = (id: string): Promise<OutgoingHook> => post(`/hooks/outgoing/${id}/regen_token`);

/** signOutgoing makes the secret that signs a webhook's calls; it is answered here only. The old one stops working. */
export const signOutgoing = (id: string): Promise<{ secret: string }> => post(`/parley/hooks/outgoing/${id}/secret`);

export const getCommands = async (teamId: string): Promise<Command[]> =>
  (await get<Command[] | null>('/commands', { team_id: teamId, custom_only: true })) ?? [];
export const saveCommand = (command: Partial<Command>): Promise<Command> =>
  command.id ? put(`/commands/${command.id}`, command) : post('/commands', command);
export const removeCommand = (id: string): Promise<Ok> => del(`/commands/${id}`);
export const renewCommand = (id: string): Promise<{ token: string }> => put(`/commands/${id}/regen_token`);
