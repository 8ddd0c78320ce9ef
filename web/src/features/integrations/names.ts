/** The names of what integrations belong to, which may be people and channels that this page knows nothing of yet. */
import { useEffect, useState } from 'react';
import * as channelsApi from '@/api/channels';
import * as usersApi from '@/api/users';
import { channelLabel } from '@/store/selectors';
import { dispatch, getState, useApp } from '@/store/store';

/** needPeople fetches the profiles that aren't there. Who can't be found stays without a name. */
export async function needPeople(ids: readonly string[]): Promise<void> {
  const known = getState().users.profiles;
  const missing = [...new Set(ids)].filter((id) => id !== '' && !known[id]);
  for (let at = 0; at < missing.length; at += 200) {
    const users = await usersApi.getUsers(missing.slice(at, at + 200)).catch(() => []);
    if (users.length > 0) dispatch({ type: 'users/received', users });
  }
}

const asked = new Map<string, Promise<string>>();

/** useChannelLabel is what a channel is called; undefined while that is asked for, empty when one may not know. */
export function useChannelLabel(id: string): string | undefined {
  const own = useApp((state) => {
    const channel = state.channels.channels[id];
    return channel && channelLabel(state, channel);
  });
  const [name, setName] = useState<{ id: string; name: string }>();
  useEffect(() => {
    if (own !== undefined || id === '') return undefined;
    let current = true;
    let answer = asked.get(id);
    if (!answer) {
      answer = channelsApi.getChannel(id).then(
        (channel) => channel.display_name,
        () => '',
      );
      asked.set(id, answer);
    }
    void answer.then((found) => current && setName({ id, name: found }));
    return () => {
      current = false;
    };
  }, [id, own]);
  return own ?? (name?.id === id ? name.name : undefined);
}

/** Place is a channel that can be chosen. */
export type Place = { id: string; name: string; open: boolean };

/** usePlaces lists one's own channels of a team by name, without archived ones. */
export function usePlaces(teamId: string): Place[] {
  const channels = useApp((state) => state.channels.channels);
  const mine = useApp((state) => state.channels.mine);
  return Object.values(channels)
    .filter((one) => one && one.team_id === teamId && one.delete_at === 0 && mine[one.id])
    .map((one) => ({ id: one.id, name: one.display_name, open: one.type === 'O' }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
