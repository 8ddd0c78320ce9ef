/** Messages that are sent at a time, until they are. Those that failed stay, with the reason. */
import type { ScheduledPost } from '@/api/drafts';
import type { State } from './store';

export type ScheduledState = {
  byId: Readonly<Record<string, ScheduledPost>>;
  /** Those that were sent or deleted: what is heard of them later is from before that. */
  gone: Readonly<Record<string, true>>;
};

export type ScheduledAction =
  /** All of some teams and of conversations; `asked` is what was known when they were asked for. */
  | { type: 'scheduled/all'; posts: readonly ScheduledPost[]; asked: ScheduledState }
  | { type: 'scheduled/heard'; post: ScheduledPost }
  | { type: 'scheduled/gone'; id: string };

export const noScheduled: ScheduledState = { byId: {}, gone: {} };

/** scheduled is the reducer of this domain. `update_at` decides between versions, a deletion is final. */
export function scheduled(state: ScheduledState, action: ScheduledAction): ScheduledState {
  switch (action.type) {
    case 'scheduled/all': {
      // What changed while the answer was on its way is newer than the answer.
      const kept = Object.values(state.byId).filter((one) => action.asked.byId[one.id] !== one);
      const byId = Object.fromEntries(action.posts.filter(({ id }) => !state.gone[id]).map((one) => [one.id, one]));
      for (const one of kept) if (!byId[one.id] || newer(one, byId[one.id])) byId[one.id] = one;
      return { ...state, byId };
    }
    case 'scheduled/heard': {
      const { post } = action;
      if (state.gone[post.id] || !newer(post, state.byId[post.id])) return state;
      return { ...state, byId: { ...state.byId, [post.id]: post } };
    }
    case 'scheduled/gone': {
      const { [action.id]: _, ...byId } = state.byId;
      return { byId, gone: { ...state.gone, [action.id]: true } };
    }
  }
}

const newer = (one: ScheduledPost, than: ScheduledPost | undefined): boolean =>
  than === undefined || one.update_at >= than.update_at;

/** scheduledIn lists what waits for a channel or thread, the next first; what failed waits for its author. */
export const scheduledIn = (state: State, channelId: string, rootId: string): ScheduledPost[] =>
  Object.values(state.scheduled.byId)
    .filter((one) => one.channel_id === channelId && one.root_id === rootId && !one.error_code)
    .sort((a, b) => a.scheduled_at - b.scheduled_at);

/** failedCount is how many scheduled messages could not be sent. */
export const failedCount = (state: State): number =>
  Object.values(state.scheduled.byId).filter((one) => one.error_code).length;

/** scheduledIds lists all of them: first those that failed, then the next. */
export const scheduledIds = (state: State): string[] =>
  Object.values(state.scheduled.byId)
    .sort((a, b) => Number(!a.error_code) - Number(!b.error_code) || a.scheduled_at - b.scheduled_at)
    .map((one) => one.id);
