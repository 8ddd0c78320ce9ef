/** Commands about messages that are sent at a time. Each rejects with an `ApiError`. */
import {
  deleteScheduledPost,
  getScheduledPosts,
  type Recurrence,
  type ScheduledPost,
  schedulePost,
  updateScheduledPost,
} from '@/api/drafts';
import { ApiError } from '@/api/http';
import { arrived, detachAll } from '@/features/files/attached';
import { send } from '@/features/messages/actions';
import { draftKey } from '@/store/drafts';
import { marks, type Priority, priorityIn } from '@/store/priorities';
import { setting } from '@/store/selectors';
import { dispatch, getState, type State } from '@/store/store';
import { saveDraft } from './drafts';

/** maySchedule tells whether the server sends messages at a time. */
export const maySchedule = (state: State): boolean => setting(state, 'ScheduledPosts') === 'true';

/** loadScheduled loads all that one has scheduled. It never fails: what is heard of is shown all the same. */
export async function loadScheduled(): Promise<void> {
  const { teams, scheduled, users } = getState();
  if (!users.me || !maySchedule(getState())) return;
  try {
    const lists = await Promise.all(Object.keys(teams.mine).map(getScheduledPosts));
    const posts = lists.flatMap((byTeam) => Object.values(byTeam).flat());
    if (getState().users.me === users.me) dispatch({ type: 'scheduled/all', posts, asked: scheduled });
  } catch {
    // The next connection asks again.
  }
}

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * scheduleMessage has words sent to a channel or thread at a time, in milliseconds, with the files that are attached to
 * its draft once they have arrived; there they are no draft any more.
 */
export async function scheduleMessage(
  channelId: string,
  rootId: string,
  message: string,
  at: number,
  recurrence: Recurrence = '',
): Promise<void> {
  const place = draftKey(channelId, rootId);
  const files = await arrived(place);
  const rest = getState().drafts[place]?.rest;
  const chosen = priorityIn(getState(), channelId, rootId);
  const priority = chosen && marks(chosen);
  const post = await schedulePost({
    ...rest,
    ...(priority && { priority }),
    ...(files.length > 0 && { file_ids: files.map(({ id }) => id) }),
    channel_id: channelId,
    root_id: rootId,
    message: message.trimEnd(),
    scheduled_at: at,
    recurrence,
    timezone: zone(),
  });
  dispatch({ type: 'scheduled/heard', post }, { type: 'priorities/chosen', channelId, rootId });
  detachAll(place);
  saveDraft(channelId, rootId, '');
}

/** reschedule changes the words, the time or the repetition of a message. */
export async function reschedule(
  post: ScheduledPost,
  change: { message: string; at: number; recurrence: Recurrence },
): Promise<void> {
  const { message, at, recurrence } = change;
  const changed = { ...post, message: message.trimEnd(), scheduled_at: at, recurrence, timezone: zone() };
  dispatch({ type: 'scheduled/heard', post: await updateScheduledPost(changed) });
}

/** cancelScheduled deletes one. It returns how to have it back, which fails once its time is over. */
export async function cancelScheduled(post: ScheduledPost): Promise<() => Promise<void>> {
  try {
    await deleteScheduledPost(post.id);
  } catch (error) {
    // It was sent or deleted meanwhile.
    if (error instanceof ApiError && error.status === 404) dispatch({ type: 'scheduled/gone', id: post.id });
    throw error;
  }
  dispatch({ type: 'scheduled/gone', id: post.id });
  return async () => dispatch({ type: 'scheduled/heard', post: await schedulePost(post) });
}

/** sendScheduled sends one now. One that is repeated goes on all the same. */
export async function sendScheduled(post: ScheduledPost): Promise<void> {
  if (!post.recurrence || post.error_code) await cancelScheduled(post);
  const { channel_id: channelId, root_id: rootId, message, file_ids: fileIds, priority } = post;
  await send({
    channelId,
    rootId,
    message,
    ...(fileIds && { fileIds }),
    ...(priority && { priority: priority as Priority }),
  });
}
