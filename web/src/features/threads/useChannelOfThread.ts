import { useEffect, useState } from 'react';
import { getPost } from '@/api/posts';
import { dispatch, useApp } from '@/store/store';

/** findThread looks a thread up by its address. It resolves to the id of its channel, or nothing when there is none. */
async function findThread(rootId: string): Promise<string> {
  try {
    const post = await getPost(rootId);
    dispatch({ type: 'posts/found', posts: [post] });
    return post.channel_id;
  } catch {
    return '';
  }
}

/** useChannelOfThread is the channel of a thread; empty when it can't be seen, undefined while that is asked for. */
export function useChannelOfThread(rootId: string): string | undefined {
  const known = useApp((state) => state.threads.threads[rootId]?.channelId);
  const [found, setFound] = useState<string>();
  useEffect(() => {
    if (known) return;
    let current = true;
    void findThread(rootId).then((channelId) => current && setFound(channelId));
    return () => {
      current = false;
    };
  }, [rootId, known]);
  return known ?? found;
}
