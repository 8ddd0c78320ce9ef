import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { displayName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { openCard } from './card';
import styles from './PersonButton.module.css';

export interface PersonButtonProps {
  userId: string;
  channelId?: string;
  /** The same can be done beside it: the keyboard and screen readers pass over this one. */
  skip?: boolean;
  className?: string;
  children: ReactNode;
}

/** PersonButton opens the card of a person when what is in it is pressed. */
export function PersonButton({ userId, channelId, skip, className, children }: PersonButtonProps) {
  const t = useText();
  const name = useApp((state) => (skip ? displayName(state, userId) : ''));
  return (
    <button
      type="button"
      className={cx(styles.button, className)}
      aria-haspopup="dialog"
      tabIndex={skip ? -1 : undefined}
      aria-hidden={skip}
      title={skip ? t('people.card.of', { name }) : undefined}
      onClick={(event) => {
        event.stopPropagation();
        openCard(userId, event.currentTarget, channelId);
      }}
    >
      {children}
    </button>
  );
}
