/** What the header and purpose of a channel can refer to: people, channels, emojis. */
import { navigate } from 'wouter/use-browser-location';
import { apiUrl } from '@/api/http';
import { customEmojiUrl } from '@/features/emoji/custom';
import { openCard } from '@/features/people/card';
import type { MarkdownContext } from '@/markdown/context';
import { openPane } from '@/store/commands';
import { channelPath } from '@/store/paths';
import { channelsOfTeam, isOn, nameFormat, nameOf, setting, usersByName } from '@/store/selectors';
import { getState, type State, useApp } from '@/store/store';

function contextOf(state: State, teamId: string): MarkdownContext {
  const proxied = isOn(state, 'HasImageProxy');
  const format = nameFormat(state);
  return {
    mention(name) {
      const user = usersByName(state).get(name);
      return user && { id: user.id, label: nameOf(user, format), me: user.id === state.users.me };
    },
    channel(name) {
      const found = channelsOfTeam(state, teamId).find(
        (channel) => channel.team_id === teamId && channel.name === name,
      );
      return found && { label: found.display_name, href: channelPath(state, found) };
    },
    emoji: customEmojiUrl,
    imageUrl: (src) => (proxied && /^https?:/i.test(src) ? apiUrl('/image', { url: src }) : src),
    onMention: (userId, anchor) => openCard(userId, anchor),
    onHashtag: (tag) => openPane({ kind: 'search', terms: tag, teamId: getState().place.teamId }),
    onNavigate: navigate,
    siteUrl: setting(state, 'SiteURL') || window.location.origin,
    schemes: setting(state, 'CustomUrlSchemes').split(',').filter(Boolean),
  };
}

let last: { from: readonly unknown[]; context: MarkdownContext } | undefined;

/** useHeaderContext keeps its identity while nothing changed that a header can refer to. */
export const useHeaderContext = (): MarkdownContext =>
  useApp((state) => {
    const { teamId } = state.place;
    const from = [state.users.profiles, state.channels.channels, state.server.config, nameFormat(state), teamId];
    if (!last?.from.every((one, i) => one === from[i])) last = { from, context: contextOf(state, teamId) };
    return last.context;
  });
