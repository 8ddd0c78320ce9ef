import { cloneElement, type ReactElement } from 'react';
import { useIntl } from 'react-intl';
import { useText } from '@/i18n/text';
import { Later, lateModule } from '@/ui/late';
import { Popover, type PopoverProps } from '@/ui/Popover';
import styles from './EmojiPicker.module.css';

const picking = lateModule(() => import('./picking'));
const EmojiPicker = picking.part((module) => module.EmojiPicker);

/** preloadEmojis fetches what the picker needs, so that it opens at once; called when somebody is about to open it. */
export function preloadEmojis(locale: string): void {
  // Opening it tries again and says what failed.
  picking
    .load()
    .then((module) => module.loadEmojiData(locale))
    .catch(() => undefined);
}

export interface EmojiPopoverProps {
  /** The button that opens it; or an anchor, with `open`. */
  trigger?: ReactElement<{ onPointerEnter?: () => void; onFocus?: () => void }>;
  anchor?: HTMLElement | null;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Told the name that was picked; `more` when the picker stays open for another and must keep the focus. */
  onPick: (name: string, more: boolean) => void;
  placement?: PopoverProps['placement'];
  label?: string;
  /** Where the focus is when it has closed. */
  finalFocus?: PopoverProps['finalFocus'];
}

/** EmojiPopover shows the emoji picker beside a button. It closes after a pick, unless Shift is held. */
export function EmojiPopover({
  trigger,
  anchor,
  open,
  onOpenChange,
  onPick,
  placement,
  label,
  finalFocus,
}: EmojiPopoverProps) {
  const t = useText();
  const { locale } = useIntl();
  const preload = () => preloadEmojis(locale);
  return (
    <Popover
      trigger={trigger && cloneElement(trigger, { onPointerEnter: preload, onFocus: preload })}
      anchor={anchor}
      open={open}
      onOpenChange={onOpenChange}
      placement={placement ?? 'top-end'}
      label={label ?? t('emoji.pick')}
      bare
      finalFocus={finalFocus}
    >
      <Later fallback={<div className={styles.picker} aria-busy="true" />} onFail={() => onOpenChange(false)}>
        <EmojiPicker
          onPick={(name, more) => {
            onPick(name, more);
            if (!more) onOpenChange(false);
          }}
          onLeave={() => onOpenChange(false)}
        />
      </Later>
    </Popover>
  );
}
