/** Which run of a channel's messages is shown, and the rows that it makes. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Block, blockWith } from '@/store/blocks';
import { type ChannelPosts, channelPosts } from '@/store/posts';
import { myProfile } from '@/store/selectors';
import { useApp } from '@/store/store';
import { buildRows, type Row, type RowOptions, reuse } from './rows';
import { useView } from './view';

export interface ShownRun {
  /** The run that is shown; none while nothing is loaded. */
  block: Block | undefined;
  rows: readonly Row[];
  /** The last message of the run is the newest of the channel. */
  live: boolean;
  /** stand keeps the run that holds a message; without one, that of the newest messages. */
  stand: (postId: string | undefined) => void;
}

const never = Number.MAX_SAFE_INTEGER;

/** Where one left off: the run that holds the first unread message, if there is more than one run. */
function unreadBlock(bucket: ChannelPosts, newSince: number): Block | undefined {
  if (newSince === never || bucket.blocks.length < 2) return undefined;
  return bucket.blocks.find((block) => {
    const last = bucket.posts[block.ids.at(-1) ?? ''];
    return last !== undefined && last.create_at > newSince;
  });
}

function chosen(bucket: ChannelPosts, anchor: string | undefined): Block | undefined {
  return (anchor && blockWith(bucket.blocks, anchor)) || blockWith(bucket.blocks);
}

/** useRun follows the run that the reader is in. */
export function useRun(channelId: string): ShownRun {
  const bucket = useApp((state) => channelPosts(state.posts, channelId));
  const newSince = useApp((state) => state.place.newSince);
  const focusId = useApp((state) => state.place.focus?.postId);
  const [anchor, stand] = useState<string | undefined>(() => focusId ?? unreadBlock(bucket, newSince)?.ids.at(-1));
  // What is jumped to may come later than the wish to go there.
  const reached = focusId !== undefined && blockWith(bucket.blocks, focusId) !== undefined;
  useEffect(() => {
    if (reached) stand(focusId);
  }, [reached, focusId]);

  const found = chosen(bucket, anchor);
  // While what was missed is being asked for, the newest run is still the newest.
  const catching = bucket.cut && bucket.staleSince > 0 && found === bucket.blocks.at(-1);
  const block = useMemo(() => (found && catching ? { ...found, end: true } : found), [found, catching]);
  const rows = useRows(bucket, block, newSince);
  return { block, rows, live: block?.end ?? false, stand };
}

function useRows(bucket: ChannelPosts, block: Block | undefined, newSince: number): readonly Row[] {
  const view = useView();
  const me = useApp((state) => state.users.me);
  const username = useApp((state) => myProfile(state)?.username ?? '');
  const { timeZone, grouping, joinLeave, collapsed } = view;
  const options = useMemo<RowOptions>(
    () => ({ me, username, timeZone, grouping, joinLeave, collapsed }),
    [me, username, timeZone, grouping, joinLeave, collapsed],
  );
  const before = useRef<readonly Row[]>([]);
  const { posts, pending } = bucket;
  const rows = useMemo(() => {
    if (!block) return [];
    const run = { ids: block.ids, pending, posts, start: block.start, end: block.end, newSince };
    return reuse(before.current, buildRows(run, options));
  }, [block, pending, posts, newSince, options]);
  useEffect(() => {
    before.current = rows;
  });
  return rows;
}
