/** Which messages stand in the pane of found ones. `results.ts` says how they come there. */
import { createStore } from 'zustand/vanilla';

/** Hit is one found message. */
export type Hit = { channelId: string; postId: string };

/** Results is what has been found for a pane so far. */
export type Results = {
  /** What was asked for, as `keyOf` says. */
  key: string;
  hits: readonly Hit[];
  /** `growing`: the next page is on its way. */
  status: 'loading' | 'ready' | 'growing' | 'failed';
  error?: unknown;
  /** The next page, when there may be one. */
  next: number | undefined;
};

/** nothing is what has been found before anything is asked. */
export const nothing: Results = { key: '', hits: [], status: 'loading', next: undefined };
/** results holds it. */
export const results = createStore<Results>(() => nothing);

/** foundPosts lists the messages that the open pane shows: they stay in the store while others are forgotten. */
export const foundPosts = (): readonly Hit[] => results.getState().hits;
