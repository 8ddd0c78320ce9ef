/** Carries out the commands of the client. Each fails with an `ApiError`, or an `Unclear` that says what is missing. */
import { navigate } from 'wouter/use-browser-location';
import * as channelsApi from '@/api/channels';
import * as usersApi from '@/api/users';
import * as channelActs from '@/features/channels/actions';
import { setMuted } from '@/features/channels/notify';
import { send } from '@/features/messages/actions';
import { choosePresence, clearStatus, showStatus } from '@/features/people/actions';
import type { TextId } from '@/i18n/text';
import { savePreference } from '@/realtime/save';
import { isConversation } from '@/store/categoryMoves';
import { openDialog, openPane } from '@/store/commands';
import { channelPath, teamName } from '@/store/paths';
import { isMuted, usersByName, workTeam } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import type { CommandName, Written } from './commandList';

export { runOnServer } from './serverCommands';

/** Unclear is a command that lacks something; `id` is the text that says what. */
export class Unclear extends Error {
  constructor(readonly id: TextId) {
    super(id);
  }
}

/** Done is what came of a command: words to send in the channel, or words to tell its author. */
export type Done = { send: string; type?: 'me' } | { tell: TextId } | undefined;

interface Spot {
  channelId: string;
  words: string;
}

type Carry = (spot: Spot) => Done | Promise<Done>;

const wanted = (words: string, id: TextId): string => {
  if (!words) throw new Unclear(id);
  return words;
};

const presence =
  (status: 'online' | 'away' | 'dnd' | 'offline'): Carry =>
  async () => {
    await choosePresence(status);
    return { tell: `composer.told.${status}` };
  };

/** The people that words name, as `@ana, @ben`, and what follows them. */
async function peopleIn(words: string): Promise<{ users: usersApi.UserProfile[]; rest: string }> {
  const names: string[] = [];
  let rest = words;
  for (let found = /^[\s,]*@([a-z0-9._-]+)/i.exec(rest); found; found = /^[\s,]*@([a-z0-9._-]+)/i.exec(rest)) {
    names.push((found[1] ?? '').toLowerCase());
    rest = rest.slice(found[0].length);
  }
  const known = usersByName(getState());
  const missing = names.filter((name) => !known.has(name));
  if (missing.length > 0) dispatch({ type: 'users/received', users: await usersApi.getUsersByNames(missing) });
  const users = names.map((name) => usersByName(getState()).get(name));
  if (names.length === 0 || users.includes(undefined)) throw new Unclear('composer.unclear.person');
  return { users: users.filter((user) => user !== undefined), rest: rest.trim().replace(/^'([\s\S]*)'$/, '$1') };
}

/** The channel that words name, as `~town-square`; the open one for none. */
async function channelIn(words: string, channelId: string): Promise<channelsApi.Channel> {
  const state = getState();
  const name = /~([a-z0-9_-]+)/i.exec(words)?.[1]?.toLowerCase();
  const here = state.channels.channels[channelId];
  if (!name && here) return here;
  const teamId = workTeam(state, channelId);
  return channelsApi.getChannelByName(teamId, name ?? '');
}

const join: Carry = ({ channelId, words }) => {
  const name = wanted(words, 'composer.unclear.channel').replace(/^~/, '').split(/\s/)[0] ?? '';
  const state = getState();
  navigate(`/${teamName(state, workTeam(state, channelId))}/channels/${encodeURIComponent(name.toLowerCase())}`);
  return undefined;
};

const leave: Carry = async ({ channelId }) => {
  const channel = getState().channels.channels[channelId];
  if (channel && isConversation(channel)) await channelActs.closeConversation(channelId);
  // Nobody comes back into a private channel without being asked.
  else if (channel?.type === 'P') openDialog({ kind: 'leave-channel', channelId });
  else await channelActs.leave(channelId);
  return undefined;
};

async function writeIn(channel: channelsApi.Channel | undefined, message: string): Promise<Done> {
  if (!channel) return undefined;
  navigate(channelPath(getState(), channel, getState().place.teamId));
  if (message) await send({ channelId: channel.id, message });
  return undefined;
}

const msg: Carry = async ({ words }) => {
  const { users, rest } = await peopleIn(words);
  return writeIn(await channelActs.direct(users[0]?.id ?? ''), rest);
};

const groupmsg: Carry = async ({ words }) => {
  const { users, rest } = await peopleIn(words);
  if (users.length < 2) throw new Unclear('composer.unclear.group');
  const made = await channelsApi.createGroup(users.map((user) => user.id));
  dispatch({ type: 'channels/received', channels: [made] });
  return writeIn(made, rest);
};

const invite: Carry = async ({ channelId, words }) => {
  const { users, rest } = await peopleIn(words);
  const channel = await channelIn(rest, channelId);
  await channelActs.addPeople(
    channel.id,
    users.map((user) => user.id),
  );
  return { tell: 'composer.told.invited' };
};

const remove: Carry = async ({ channelId, words }) => {
  const { users } = await peopleIn(words);
  for (const user of users) await channelActs.removePerson(channelId, user.id);
  return { tell: 'composer.told.removed' };
};

const mute: Carry = async ({ channelId, words }) => {
  const channel = await channelIn(words, channelId);
  const muted = !isMuted(getState(), channel.id);
  await setMuted(channel.id, muted);
  return { tell: muted ? 'composer.told.muted' : 'composer.told.unmuted' };
};

const status: Carry = async ({ words }) => {
  if (!words || words === 'clear') {
    await clearStatus();
    return { tell: 'composer.told.statusCleared' };
  }
  const [, emoji = 'speech_balloon', text = ''] = /^(?::([a-z0-9_+-]+):)?\s*([\s\S]*)$/i.exec(words) ?? [];
  await showStatus({ emoji, text: text.trim(), duration: '', expiresAt: 0 });
  return { tell: 'composer.told.status' };
};

const changed =
  (key: 'header' | 'purpose' | 'display_name', tell: TextId): Carry =>
  async ({ channelId, words }) => {
    if (key === 'display_name') wanted(words, 'composer.unclear.name');
    await channelActs.change(channelId, { [key]: words });
    return { tell };
  };

const previews =
  (folded: boolean): Carry =>
  async () => {
    await savePreference('display_settings', 'collapse_previews', String(folded));
    return { tell: folded ? 'composer.told.collapsed' : 'composer.told.expanded' };
  };

const carriers: Record<CommandName, Carry> = {
  me: ({ words }) => ({ send: `*${wanted(words, 'composer.unclear.words')}*`, type: 'me' }),
  shrug: ({ words }) => ({ send: `${words} ¯\\\\\\_(ツ)\\_/¯`.trim() }),
  code: ({ words }) => ({ send: `\`\`\`\n${wanted(words, 'composer.unclear.words')}\n\`\`\`` }),
  online: presence('online'),
  away: presence('away'),
  dnd: presence('dnd'),
  offline: presence('offline'),
  status,
  join,
  open: join,
  leave,
  msg,
  groupmsg,
  invite,
  remove,
  kick: remove,
  mute,
  header: changed('header', 'composer.told.header'),
  purpose: changed('purpose', 'composer.told.purpose'),
  rename: changed('display_name', 'composer.told.renamed'),
  search: ({ words }) => {
    openPane({ kind: 'search', terms: words, teamId: getState().place.teamId });
    return undefined;
  },
  collapse: previews(true),
  expand: previews(false),
  shortcuts: () => {
    openDialog({ kind: 'shortcuts' });
    return undefined;
  },
  settings: () => {
    openDialog({ kind: 'settings' });
    return undefined;
  },
  logout: async () => {
    await usersApi.signOut().catch(() => undefined);
    window.location.assign('/login');
    return undefined;
  },
};

/** carryOut does what a known command says. */
export async function carryOut(name: CommandName, written: Written, channelId: string): Promise<Done> {
  return carriers[name]({ channelId, words: written.words });
}
