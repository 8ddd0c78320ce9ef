/** Which channels may be meant by a ~: one's own first, then others that are open. */
import * as channelsApi from '@/api/channels';
import { fold } from '@/markdown/marks';
import { recentChannels } from '@/store/recent';
import { channelsOfTeam, workTeam } from '@/store/selectors';
import { getState, type State } from '@/store/store';
import type { Section, Suggestion } from './suggestion';

const most = 20;
const answers = new Map<string, { at: number; channels: readonly channelsApi.ServerChannel[] }>();
const keptFor = 60_000;

const keyOf = (teamId: string, query: string): string => `${teamId} ${query}`;

function answerTo(teamId: string, query: string): readonly channelsApi.ServerChannel[] | undefined {
  const known = answers.get(keyOf(teamId, query));
  return known && Date.now() - known.at < keptFor ? known.channels : undefined;
}

/** areChannelsAnswered tells whether the server need not be asked. */
export function areChannelsAnswered(channelId: string, query: string): boolean {
  const state = getState();
  return answerTo(workTeam(state, channelId), fold(query)) !== undefined;
}

/** askChannels asks the server for channels that one isn't in. It fails with an `ApiError`. */
export async function askChannels(channelId: string, query: string, signal: AbortSignal): Promise<void> {
  const state = getState();
  const teamId = workTeam(state, channelId);
  const channels = await channelsApi.autocompleteChannels(teamId, query, signal);
  if (answers.size > 200) answers.clear();
  answers.set(keyOf(teamId, fold(query)), { at: Date.now(), channels });
}

function matches(channel: { name: string; display_name: string }, query: string): boolean {
  if (!query || channel.name.startsWith(query)) return true;
  return [channel.name, fold(channel.display_name)].some((name) =>
    name.split(/[\s_-]+/).some((word) => word.startsWith(query)),
  );
}

/** suggestChannels lists what can be meant, from what is known now. */
export function suggestChannels(state: State, channelId: string, written: string): Section[] {
  const query = fold(written);
  const teamId = workTeam(state, channelId);
  const visited = recentChannels();
  const place = (id: string) => (visited.includes(id) ? visited.indexOf(id) : visited.length);
  const named = (channel: { type: string; delete_at: number; name: string; display_name: string }) =>
    (channel.type === 'O' || channel.type === 'P') && channel.delete_at === 0 && matches(channel, query);
  const mine = channelsOfTeam(state, teamId)
    .filter(named)
    .sort((a, b) => place(a.id) - place(b.id) || a.display_name.localeCompare(b.display_name));
  const others = (answerTo(teamId, query) ?? []).filter(
    (channel) => named(channel) && !state.channels.mine[channel.id],
  );
  const sections: Section[] = [
    {
      id: 'mine',
      items: mine.slice(0, most).map(({ id, name }): Suggestion => ({ kind: 'channel', id, insert: `~${name} ` })),
    },
    {
      id: 'others',
      items: others.slice(0, most).map(
        ({ id, name, display_name }): Suggestion => ({
          kind: 'other-channel',
          id,
          label: display_name,
          insert: `~${name} `,
        }),
      ),
    },
  ];
  return sections.filter(({ items }) => items.length > 0);
}
