import { Globe } from 'lucide-react';
import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { Tooltip } from '@/ui/Tooltip';
import styles from './WebPublic.module.css';

/** WebPublicMark tells everybody in a channel that strangers read along, and leads to what they see. */
export function WebPublicMark({ channelId }: { channelId: string }) {
  const t = useText();
  const url = useApp((state) => (state.webPublic[channelId]?.enabled ? state.webPublic[channelId].url : ''));
  if (!url) return null;
  return (
    <Tooltip text={t('channels.web.mark.hint')} placement="bottom">
      <a
        className={styles.mark}
        href={url}
        target="_blank"
        rel="noreferrer"
        aria-label={t('channels.web.mark.hint')}
        data-web-public
      >
        <Globe size={16} aria-hidden="true" />
        <span className={styles.label}>{t('channels.web.mark')}</span>
      </a>
    </Tooltip>
  );
}
