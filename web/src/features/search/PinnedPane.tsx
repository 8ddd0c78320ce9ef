import { Pin } from 'lucide-react';
import { useEffect } from 'react';
import { useChannelName } from '@/features/channels/names';
import { useText } from '@/i18n/text';
import { decoded } from '@/realtime/events';
import { onFrame } from '@/realtime/live';
import { closePane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { postOf } from '@/store/posts';
import { getState } from '@/store/store';
import { EmptyState } from '@/ui/EmptyState';
import { PaneHeader } from '@/ui/PaneHeader';
import { FoundList } from './FoundList';
import { foundPosts } from './found';
import { again } from './results';

type Pinned = Extract<Pane, { kind: 'pinned' }>;

/** A message that has just been pinned joins the list; one that is no longer pinned leaves it by itself. */
function watchPins(pane: Pinned): () => void {
  return onFrame((frame) => {
    if (frame.event !== 'post_edited' || frame.broadcast.channel_id !== pane.channelId) return;
    const id = decoded<{ id: string }>(frame.data, 'post')?.id ?? '';
    const pinned = postOf(getState().posts, pane.channelId, id)?.is_pinned === true;
    if (pinned && !foundPosts().some((hit) => hit.postId === id)) void again(pane);
  });
}

/** PinnedPane lists the messages that are pinned to a channel. */
export function PinnedPane({ pane }: { pane: Pinned }) {
  const t = useText();
  const name = useChannelName(pane.channelId);
  useEffect(() => watchPins(pane), [pane]);
  return (
    <>
      <PaneHeader title={t('search.pinned')} subtitle={name} onClose={closePane} />
      <FoundList
        pane={pane}
        label={t('search.pinned')}
        failed={t('search.pinned.failed')}
        empty={
          <EmptyState title={t('search.pinned.none')} icon={<Pin size={24} />}>
            {t('search.pinned.noneWhy')}
          </EmptyState>
        }
      />
    </>
  );
}
