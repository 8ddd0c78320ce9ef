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
  return <CopyLine label={label} text={id} what={t('channels.copyId')} done={t('channels.idCopied')} />;
}

export interface CopyLineProps {
  label: string;
  text: string;
  /** What the button does, in words. */
  what: string;
  /** What is said when it is done. */
  done?: string;
}

/** CopyLine shows a text for other programs, with a button that copies it. */
export function CopyLine({ label, text, what, done }: CopyLineProps) {
  const t = useText();
  const copy = async () => {
    if (await attempt(copyText(text))) toast(done ?? t('channels.copied'));
  };
  return (
    <p className={styles.id}>
      <span>
        {label} <code>{text}</code>
      </span>
      <IconButton size="s" label={what} icon={<Copy size={14} />} onClick={() => void copy()} />
    </p>
  );
}
