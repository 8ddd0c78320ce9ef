import { Smile, Type } from 'lucide-react';
import type { RefObject } from 'react';
import { EmojiPopover } from '@/features/emoji/EmojiPopover';
import { useText } from '@/i18n/text';
import { IconButton } from '@/ui/IconButton';
import { boxKeys } from './keys';
import styles from './MessageBox.module.css';

interface BoxToolsProps {
  /** The formatting bar is shown. */
  bar: boolean;
  onBar: () => void;
  /** The emoji picker is open. */
  picking: boolean;
  onPicking: (open: boolean) => void;
  /** `more`: the picker stays open and keeps the focus. */
  onEmoji: (name: string, more: boolean) => void;
  /** The text, to which one comes back from the picker. */
  field: RefObject<HTMLElement | null>;
}

/** BoxTools are the buttons at the end of a message box, before the one that sends. */
export function BoxTools({ bar, onBar, picking, onPicking, onEmoji, field }: BoxToolsProps) {
  const t = useText();
  return (
    <>
      <IconButton
        label={t('composer.formatting')}
        icon={<Type />}
        pressed={bar}
        shortcut={boxKeys.toolbar}
        onClick={onBar}
        className={styles.tool}
      />
      <EmojiPopover
        trigger={
          <IconButton label={t('composer.emoji')} icon={<Smile />} shortcut={boxKeys.emoji} className={styles.tool} />
        }
        open={picking}
        onOpenChange={onPicking}
        onPick={onEmoji}
        finalFocus={field}
      />
    </>
  );
}
