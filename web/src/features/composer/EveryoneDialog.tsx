import { useText } from '@/i18n/text';
import { ConfirmDialog } from '@/ui/ConfirmDialog';

export interface EveryoneDialogProps {
  count: number;
  /** Only those who are online. */
  here: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** EveryoneDialog asks before a whole channel is notified. */
export function EveryoneDialog({ count, here, onConfirm, onClose }: EveryoneDialogProps) {
  const t = useText();
  return (
    <ConfirmDialog
      title={t('composer.notify.title')}
      confirm={t('composer.notify.send')}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>{t(here ? 'composer.notify.here' : 'composer.notify.all', { count })}</p>
    </ConfirmDialog>
  );
}
