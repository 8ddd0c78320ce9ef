/** The commands that the client knows by itself. `commands.ts` carries them out. */
import { isConversation } from '@/store/categoryMoves';
import { can } from '@/store/selectors';
import type { State } from '@/store/store';
import type { Section, Suggestion } from './suggestion';

/** The names, in the order in which they are offered. */
export const commandNames = [
  'me',
  'shrug',
  'code',
  'online',
  'away',
  'dnd',
  'offline',
  'status',
  'join',
  'open',
  'leave',
  'msg',
  'groupmsg',
  'invite',
  'remove',
  'kick',
  'mute',
  'header',
  'purpose',
  'rename',
  'search',
  'collapse',
  'expand',
  'shortcuts',
  'settings',
  'logout',
] as const;

export type CommandName = (typeof commandNames)[number];

/** Those that take words after them; the others are complete by themselves. */
const wordy = [
  'me',
  'shrug',
  'code',
  'status',
  'join',
  'open',
  'msg',
  'groupmsg',
  'invite',
  'remove',
  'kick',
  'mute',
  'header',
  'purpose',
  'rename',
  'search',
] as const satisfies readonly CommandName[];

/** takesWords tells whether something may follow a command. */
export const takesWords = (name: CommandName): name is (typeof wordy)[number] =>
  (wordy as readonly CommandName[]).includes(name);

/** What one may not do here is not offered. */
function isOffered(state: State, channelId: string, name: CommandName): boolean {
  const channel = state.channels.channels[channelId];
  if (!channel) return false;
  const kind = channel.type === 'P' ? 'private' : 'public';
  const may = (permission: string) => can(state, permission, { channelId });
  switch (name) {
    case 'invite':
    case 'remove':
    case 'kick':
      return !isConversation(channel) && may(`manage_${kind}_channel_members`);
    case 'rename':
    case 'purpose':
      return !isConversation(channel) && may(`manage_${kind}_channel_properties`);
    case 'header':
      return isConversation(channel) || may(`manage_${kind}_channel_properties`);
    case 'leave':
      return channel.name !== 'town-square';
    default:
      return true;
  }
}

/** suggestCommands lists the commands that begin with what is written: those of this client, then the `others`. */
export function suggestCommands(
  state: State,
  channelId: string,
  query: string,
  others: readonly Suggestion[] = [],
): Section[] {
  const own = commandNames
    .filter((name) => name.startsWith(query) && isOffered(state, channelId, name))
    .map((name): Suggestion => ({ kind: 'command', id: name, name, insert: `/${name}${takesWords(name) ? ' ' : ''}` }));
  const items = [...own, ...others];
  // A command that is written out and takes nothing needs no list: Enter carries it out.
  const done = items.length === 1 && items[0]?.id === query;
  return items.length > 0 && !done ? [{ id: 'commands', items }] : [];
}

/** Written is a command as somebody wrote it. */
export interface Written {
  name: string;
  /** Known to the client. */
  known?: CommandName;
  words: string;
}

/** readCommand reads a message as a command; undefined when it is none, such as a path or a date. */
export function readCommand(message: string): Written | undefined {
  const found = /^\/([a-z][a-z0-9_.-]*)(?:[ \t]+([\s\S]*))?\s*$/i.exec(message);
  if (!found?.[1]) return undefined;
  const name = found[1].toLowerCase();
  return { name, known: commandNames.find((one) => one === name), words: (found[2] ?? '').trim() };
}
