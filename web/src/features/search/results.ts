/**
 * What was found for the pane on the right: messages by search, mentions, saved and pinned ones. The messages
 * themselves are in the store, where edits and reactions reach them; here is which, in which order, and whether there
 * are more.
 */
import { useStore } from 'zustand';
import * as postsApi from '@/api/posts';
import { needPeople } from '@/realtime/load';
import type { Pane } from '@/store/place';
import { myProfile } from '@/store/selectors';
import { dispatch, getState, type State } from '@/store/store';
import { nothing, type Results, results } from './found';

/** FoundPane is a pane with a list of found messages. */
export type FoundPane = Extract<Pane, { kind: 'search' | 'mentions' | 'saved' | 'pinned' }>;

export const pageSize = 20;

/** keyOf names what a pane shows. */
export const keyOf = (pane: FoundPane): string =>
  pane.kind === 'search'
    ? `search ${pane.teamId} ${pane.archived ?? false} ${pane.terms}`
    : pane.kind === 'pinned'
      ? `pinned ${pane.channelId}`
      : pane.kind;

/** useResults is what has been found for a pane. */
export function useResults(pane: FoundPane): Results {
  const found = useStore(results);
  return found.key === keyOf(pane) ? found : nothing;
}

const quoted = (word: string): string => (/\s/.test(word) ? `"${word}"` : word);

/** mentionTerms is the query for messages of others in which one is meant. */
export function mentionTerms(state: State): string {
  const me = myProfile(state);
  if (!me) return '';
  const props = (me.notify_props ?? {}) as Partial<Record<string, string>>;
  const keys = (props.mention_keys ?? '').split(',').map((key) => key.trim());
  if (props.first_name === 'true') keys.push(me.first_name);
  const words = new Set([`@${me.username}`, ...keys].filter(Boolean).map(quoted));
  return `${[...words].join(' ')} -from:${me.username}`;
}

function ask(pane: FoundPane, page: number, signal: AbortSignal): Promise<postsApi.PostList> {
  switch (pane.kind) {
    case 'search': {
      const archived = pane.archived ? { include_deleted_channels: true } : {};
      return postsApi.searchPosts(pane.teamId, { terms: pane.terms, ...archived, page, per_page: pageSize }, signal);
    }
    case 'mentions': {
      const terms = mentionTerms(getState());
      return postsApi.searchPosts('', { terms, is_or_search: true, page, per_page: pageSize }, signal);
    }
    case 'saved':
      return postsApi.getSaved(page, pageSize);
    case 'pinned':
      return postsApi.getPinned(pane.channelId);
  }
}

let call: AbortController | undefined;

async function load(pane: FoundPane, page: number): Promise<void> {
  call?.abort();
  const own = new AbortController();
  call = own;
  const key = keyOf(pane);
  try {
    const list = await ask(pane, page, own.signal);
    if (own.signal.aborted) return;
    const posts = list.order.map((id) => list.posts[id]).filter((post) => post !== undefined);
    dispatch({ type: 'posts/found', posts });
    needPeople(list);
    const before = page === 0 ? [] : results.getState().hits;
    const known = new Set(before.map((hit) => hit.postId));
    const came = posts.filter((post) => !known.has(post.id));
    const hits = [...before, ...came.map((post) => ({ channelId: post.channel_id, postId: post.id }))];
    const more = pane.kind !== 'pinned' && posts.length === pageSize;
    results.setState({ key, hits, status: 'ready', next: more ? page + 1 : undefined }, true);
  } catch (error) {
    if (own.signal.aborted) return;
    const { hits, next } = results.getState();
    // A page that didn't come can be asked for again; what stands, stands.
    results.setState({ key, hits, next, status: page === 0 ? 'failed' : 'ready', error }, true);
  }
}

/** open loads what a pane shows, unless that is what stands. It never rejects: what went wrong stands in the results. */
export async function open(pane: FoundPane): Promise<void> {
  const { key, status } = results.getState();
  if (key === keyOf(pane) && status !== 'failed') return again(pane);
  results.setState({ ...nothing, key: keyOf(pane) }, true);
  await load(pane, 0);
}

let awaited = false;

/** awaitResults has the focus go to the first message that will be found: who asked for it by key goes on from there. */
export function awaitResults(): void {
  awaited = true;
}

/** takeFocus tells once whether the focus is awaited. */
export function takeFocus(): boolean {
  const now = awaited;
  awaited = false;
  return now;
}

/** close forgets what was found. */
export function close(): void {
  call?.abort();
  results.setState(nothing, true);
}

/** again asks anew for what a pane shows, while what was found goes on standing there. */
export async function again(pane: FoundPane): Promise<void> {
  if (results.getState().status === 'failed') results.setState({ ...nothing, key: keyOf(pane) }, true);
  await load(pane, 0);
}

/** more loads the next page. */
export async function more(pane: FoundPane): Promise<void> {
  const { key, status, next, hits } = results.getState();
  if (key !== keyOf(pane) || status !== 'ready' || next === undefined) return;
  results.setState({ key, hits, next, status: 'growing' }, true);
  await load(pane, next);
}
