import { Paperclip } from 'lucide-react';
import { useEffect } from 'react';
import { useChannelName } from '@/features/channels/names';
import { useText } from '@/i18n/text';
import { decoded } from '@/realtime/events';
import { onFrame } from '@/realtime/live';
import { closePane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { EmptyState } from '@/ui/EmptyState';
import { PaneHeader } from '@/ui/PaneHeader';
import { FileList } from './FileList';
import { openFiles } from './files';

type Files = Extract<Pane, { kind: 'files' }>;

/** A message with files that has just come brings them into the list; deleted ones leave it by themselves. */
function watchPosts(pane: Files): () => void {
  return onFrame((frame) => {
    if (frame.event !== 'posted' || frame.broadcast.channel_id !== pane.channelId) return;
    const post = decoded<{ file_ids?: string[] }>(frame.data, 'post');
    if (post?.file_ids?.length) void openFiles(pane, '');
  });
}

/** FilesPane lists the files of a channel. */
export function FilesPane({ pane }: { pane: Files }) {
  const t = useText();
  const name = useChannelName(pane.channelId);
  useEffect(() => watchPosts(pane), [pane]);
  return (
    <>
      <PaneHeader title={t('search.files')} subtitle={name} onClose={closePane} />
      <FileList
        key={pane.channelId}
        pane={pane}
        empty={
          <EmptyState title={t('search.files.none')} icon={<Paperclip size={24} />}>
            {t('search.files.noneWhy')}
          </EmptyState>
        }
      />
    </>
  );
}
