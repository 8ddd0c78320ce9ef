import { Copy } from 'lucide-react';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { copyText } from '@/ui/clipboard';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/toast';
import styles from './InfoPane.module.css';

/** CopyId shows an id that other programs ask for, with a button that copies it. */
export function CopyId({ label, id }: { label: string; id: string }) {
  const t = useText();
  const copy = async () => {
    if (await attempt(copyText(id))) toast(t('channels.idCopied'));
  };
  return (
    <p className={styles.id}>
      <span>
        {label} <code>{id}</code>
      </span>
      <IconButton size="s" label={t('channels.copyId')} icon={<Copy size={14} />} onClick={() => void copy()} />
    </p>
  );
}
