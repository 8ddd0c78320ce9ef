import { Smile, Type } from 'lucide-react';
import type { RefObject } from 'react';
import { EmojiPopover } from '@/features/emoji/EmojiPopover';
import type { Chosen } from '@/features/files/dropping';
import { useText } from '@/i18n/text';
import { IconButton } from '@/ui/IconButton';
import { AttachButton } from './AttachButton';
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
  /** The field through which files are chosen. */
  chooser: RefObject<HTMLInputElement | null>;
  /** Missing where files can't be sent. */
  onFiles: ((chosen: Chosen) => void) | undefined;
}

/** BoxTools are the buttons at the end of a message box, before the one that sends. */
export function BoxTools(props: BoxToolsProps) {
  const { bar, onBar, picking, onPicking, onEmoji, field, chooser, onFiles } = props;
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
      {onFiles && <AttachButton input={chooser} onFiles={onFiles} />}
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
