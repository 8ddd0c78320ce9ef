/** Tells when what somebody came for can be seen; what is loaded ahead waits for that. */
import { type State, store } from '@/store/store';
import { firstScreenStands } from '@/ui/quiet';

/** A page whose first screen never comes, such as without a network, counts as standing all the same. */
const patience = 15_000;

/** Whether a view that isn't a channel is what is shown first. A channel tells by itself when its messages stand. */
function stands({ server, users, place }: State): boolean {
  if (!server.ready) return false;
  if (!users.me) return true;
  return place.view === 'threads' || place.view === 'drafts' || place.view === 'scheduled';
}

/** watchFirstScreen tells it once. It returns how to stop. */
export function watchFirstScreen(): () => void {
  const done = () => {
    stop();
    firstScreenStands();
  };
  const timer = setTimeout(done, patience);
  const unsubscribe = store.subscribe((state) => stands(state) && done());
  const stop = () => {
    clearTimeout(timer);
    unsubscribe();
  };
  if (stands(store.getState())) done();
  return stop;
}
