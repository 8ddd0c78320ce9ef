/** How one person wants to read messages: preferences and public settings, worked out once for all rows. */
import { hourCycle, ownZone } from '@/features/people/clock';
import { preference } from '@/store/preferences';
import { isCollapsed, isOn, myProfile, nameFormat } from '@/store/selectors';
import { getState, type State } from '@/store/store';
import { useReading } from './reading';

/** View keeps its identity while nothing in it changed. */
export interface View {
  /** One line a message, without pictures. */
  compact: boolean;
  /** Names in their own colours, in the compact view. */
  colorize: boolean;
  /** The clock that was chosen; that of the language otherwise. */
  clock: 'h12' | 'h23' | undefined;
  timeZone: string;
  nameFormat: string;
  /** Messages of one author within a few minutes stand together. */
  grouping: boolean;
  /** Coming and going of members is told. */
  joinLeave: boolean;
  linkPreviews: boolean;
  /** Images and previews are folded until they are asked for. */
  foldPreviews: boolean;
  /** The most used emojis stand in the bar of a message. */
  quickReactions: boolean;
  presence: boolean;
  /** A click on a message opens its thread. */
  clickToReply: boolean;
  centered: boolean;
  /** Replies are read in threads. */
  collapsed: boolean;
}

function make(state: State): View {
  const display = (name: string, fallback = '') => preference(state.preferences, 'display_settings', name, fallback);
  return {
    compact: display('message_display') === 'compact',
    colorize: display('colorize_usernames', 'true') === 'true',
    clock: hourCycle(state),
    timeZone: ownZone(state),
    nameFormat: nameFormat(state),
    grouping: display('collapse_consecutive_messages', 'true') !== 'false',
    joinLeave: preference(state.preferences, 'advanced_settings', 'join_leave', 'true') !== 'false',
    linkPreviews: isOn(state, 'EnableLinkPreviews') && display('link_previews', 'true') !== 'false',
    foldPreviews: display('collapse_previews') === 'true',
    quickReactions: display('one_click_reactions_enabled', 'true') !== 'false',
    presence: isOn(state, 'EnableUserStatuses') && display('availability_status_on_posts', 'true') !== 'false',
    clickToReply: display('click_to_reply', 'true') !== 'false',
    centered: display('channel_display_mode', 'full') === 'centered',
    collapsed: isCollapsed(state),
  };
}

let last: { from: readonly unknown[]; view: View } | undefined;

/** viewOf returns the same view as long as the preferences, the settings and one's own time zone are the same. */
export function viewOf(state: State): View {
  const from = [state.preferences, state.server.config, myProfile(state)?.timezone];
  if (last?.from.every((value, i) => value === from[i])) return last.view;
  const next = make(state);
  const keys = Object.keys(next) as (keyof View)[];
  // Most preferences have nothing to do with it, such as a saved message.
  const view = last && keys.every((key) => last?.view[key] === next[key]) ? last.view : next;
  last = { from, view };
  return view;
}

/** useView is the view of the signed-in person. */
export const useView = (): View => useReading()?.view ?? viewOf(getState());
