/** The commands of integrations that a team offers in the menu of its messages, and running one. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import * as api from '@/api/commands';
import { triggering } from '@/realtime/triggers';
import { postOf } from '@/store/posts';
import { burning } from '@/store/priorities';
import { workTeam } from '@/store/selectors';
import { getState, type State, useApp } from '@/store/store';
import { follow } from '@/ui/follow';
import { attempt } from './actions';
import type { Spot } from './layers';
import { mayReply } from './rights';

type Known = { at: number; commands: readonly api.MessageCommand[] };

const lists = createStore<Record<string, Known>>(() => ({}));
const keptFor = 60_000;
const none: readonly api.MessageCommand[] = [];

/** refresh asks what a team offers, unless that is known well enough. What fails is asked for the next time. */
async function refresh(teamId: string): Promise<void> {
  const known = lists.getState()[teamId];
  if (known && Date.now() - known.at < keptFor) return;
  const commands = await api.getMessageCommands(teamId).catch(() => undefined);
  if (commands) lists.setState({ [teamId]: { at: Date.now(), commands } });
}

/** The team whose commands a message can be given to; empty for a message that can't. */
function offeringTeam(state: State, { channelId, postId }: Spot): string {
  const post = postOf(state.posts, channelId, postId);
  if (!post || !mayReply(state, post) || post.type === burning) return '';
  return workTeam(state, channelId);
}

/** preloadOffered asks for what integrations offer on a message before its menu opens, so that this is whole then. */
export function preloadOffered(spot: Spot): void {
  const teamId = offeringTeam(getState(), spot);
  if (teamId) void refresh(teamId);
}

/** useOffered lists what integrations offer on a message. It knows at once what it knew before. */
export function useOffered(spot: Spot): readonly api.MessageCommand[] {
  const teamId = useApp((state) => offeringTeam(state, spot));
  useEffect(() => {
    if (teamId) void refresh(teamId);
  }, [teamId]);
  return useStore(lists, (known) => (teamId ? known[teamId]?.commands : undefined)) ?? none;
}

/** nameOf is what a command is called in a menu. */
export const nameOf = ({ display_name, trigger }: api.MessageCommand): string => display_name || `/${trigger}`;

/** runOffered runs a command on a message and follows where its answer leads. What fails is said in a toast. */
export async function runOffered(command: api.MessageCommand, { channelId, postId }: Spot): Promise<void> {
  await attempt(
    triggering(channelId, api.runOnPost(command.id, postId)).then(({ goto_location }) => {
      if (goto_location) follow(goto_location);
    }),
  );
}
