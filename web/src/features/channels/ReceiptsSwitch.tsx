import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Switch } from '@/ui/Switch';
import styles from './InfoPane.module.css';
import { switchReceipts } from './receipts';

/** ReceiptsSwitch says whether a channel shows who has read messages; who runs it changes that. */
export function ReceiptsSwitch({ channelId }: { channelId: string }) {
  const t = useText();
  const known = useApp((state) => state.receipts[channelId]);
  if (!known || (!known.maySwitch && !known.enabled)) return null;
  if (!known.maySwitch) return <p className={styles.receipts}>{t('channels.receipts.on')}</p>;
  return (
    <div className={styles.receipts}>
      <Switch
        label={t('channels.receipts')}
        hint={t('channels.receipts.hint')}
        checked={known.enabled}
        onChange={(on) => void attempt(switchReceipts(channelId, on))}
      />
    </div>
  );
}
