import { ArrowLeft, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { IconButton } from './IconButton';
import { usePhone } from './media';
import styles from './PaneHeader.module.css';

export interface PaneHeaderProps {
  title: ReactNode;
  /** What the pane is about, such as the channel's name. */
  subtitle?: ReactNode;
  /** Further buttons, before the one that closes. */
  actions?: ReactNode;
  onClose: () => void;
}

/** PaneHeader is the top of a pane on the right. On a phone its way out is an arrow at the left. */
export function PaneHeader({ title, subtitle, actions, onClose }: PaneHeaderProps) {
  const t = useText();
  // On a phone the pane is all that is on the screen.
  const Title = usePhone() ? 'h1' : 'h2';
  return (
    <header className={styles.header}>
      <IconButton className={styles.back} label={t('ui.back')} icon={<ArrowLeft />} onClick={onClose} noTooltip />
      <div className={styles.titles}>
        <Title className={styles.title}>{title}</Title>
        {subtitle && <p className={styles.subtitle}>{subtitle}</p>}
      </div>
      {actions}
      <IconButton
        className={styles.close}
        label={t('ui.close')}
        icon={<X />}
        onClick={onClose}
        placement="bottom-end"
      />
    </header>
  );
}
