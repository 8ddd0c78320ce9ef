import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { postOf } from '@/store/posts';
import { burning } from '@/store/priorities';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toast } from '@/ui/toast';
import { remove, undelete } from '../actions';
import styles from './Dialogs.module.css';
import { Quoted } from './Quoted';

/** DeleteDialog asks before a message is deleted, with its replies when it begins a thread. */
export function DeleteDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'delete-post' }> }) {
  const t = useText();
  const { channelId, postId } = dialog;
  const replies = useApp((state) => {
    const post = postOf(state.posts, channelId, postId);
    return post && post.root_id === '' ? post.reply_count : 0;
  });
  // One's own can be had back for a moment, but for what was to disappear anyway.
  const back = useApp((state) => {
    const post = postOf(state.posts, channelId, postId);
    return post?.user_id === state.users.me && post.type !== burning;
  });
  const deleteIt = async () => {
    await remove(channelId, postId);
    const action = { label: t('messages.delete.undo'), onSelect: () => void attempt(undelete(postId)) };
    if (back) toast({ text: t('messages.delete.done'), action });
  };
  return (
    <ConfirmDialog
      title={<Text id="messages.delete.title" />}
      confirm={t('messages.delete.confirm')}
      danger
      onConfirm={deleteIt}
      onClose={closeDialog}
    >
      <div className={styles.words}>
        <p>
          <Text id="messages.delete.words" values={{ count: replies }} />
        </p>
        <Quoted channelId={channelId} postId={postId} />
      </div>
    </ConfirmDialog>
  );
}
