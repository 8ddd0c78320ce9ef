/** Leads away from places that are no longer one's own, and keeps the pane beside a channel about that channel. */
import { navigate } from 'wouter/use-browser-location';
import { dispatch, store } from '@/store/store';
import { goAway } from './actions';

/** watchPlaces does so from now on. It returns how to stop. */
export function watchPlaces(): () => void {
  return store.subscribe((state, before) => {
    const { teamId, channelId, view, pane } = state.place;
    const wasIn = (id: string) => before.channels.mine[id] !== undefined;
    if (teamId && before.teams.mine[teamId] && !state.teams.mine[teamId]) navigate('/');
    else if (view === 'channel' && wasIn(channelId) && !state.channels.mine[channelId]) goAway(channelId);
    const beside = pane?.kind === 'info' || pane?.kind === 'members';
    if (beside && channelId && channelId !== before.place.channelId && pane.channelId !== channelId) {
      const channel = state.channels.channels[channelId];
      // There is no list of members of a conversation between two.
      const kind = channel?.type === 'D' ? 'info' : pane.kind;
      dispatch({ type: 'place/pane', pane: { kind, channelId } }, { type: 'place/front', front: state.place.front });
    }
  });
}
