/** The questions before a channel ends: for everybody, or for oneself. */
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { archive, leave } from './actions';
import { useChannelName } from './names';

const bold = (parts: React.ReactNode[]) => <strong>{parts}</strong>;

/** ArchiveDialog asks before a channel is closed for everybody. */
export function ArchiveDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'archive-channel' }> }) {
  const t = useText();
  const name = useChannelName(dialog.channelId);
  return (
    <ConfirmDialog
      title={t('channels.archive.title', { name })}
      confirm={t('channels.archive.confirm')}
      danger
      onConfirm={() => archive(dialog.channelId)}
      onClose={closeDialog}
    >
      <Text id="channels.archive.words" values={{ name, b: bold }} />
    </ConfirmDialog>
  );
}

/** LeaveDialog asks before one leaves a private channel. */
export function LeaveDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'leave-channel' }> }) {
  const t = useText();
  const name = useChannelName(dialog.channelId);
  const alone = useApp((state) => state.channels.stats[dialog.channelId]?.member_count === 1);
  return (
    <ConfirmDialog
      title={t('channels.leave.title', { name })}
      confirm={t('channels.leave')}
      danger
      onConfirm={() => leave(dialog.channelId)}
      onClose={closeDialog}
    >
      <Text id={alone ? 'channels.leave.last' : 'channels.leave.words'} values={{ name, b: bold }} />
    </ConfirmDialog>
  );
}
