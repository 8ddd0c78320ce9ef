/** The centre: a channel, the threads of a team, or drafts. */
import { useApp } from '@/store/store';

export function Centre() {
  const view = useApp((state) => state.place.view);
  return view === 'none' ? null : null;
}
