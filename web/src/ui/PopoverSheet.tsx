import * as Aria from '@ariakit/react/popover';
import { type ReactNode, type RefObject, useLayoutEffect } from 'react';
import { cx } from './cx';
import type { PopoverProps } from './Popover';
import styles from './Popover.module.css';

export interface PopoverSheetProps extends Omit<PopoverProps, 'trigger' | 'open' | 'onOpenChange'> {
  id: string;
  /** The button that opened it. */
  button: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ReactNode;
}

/** PopoverSheet is the small dialog of a Popover. It is open while it is in the page. */
export function PopoverSheet(props: PopoverSheetProps) {
  const { id, button, anchor, label, placement, bare, focusSelf, finalFocus, className, onClose, children } = props;
  const popover = Aria.usePopoverStore({
    open: true,
    placement: placement ?? 'bottom-start',
    setOpen: (open) => !open && onClose(),
  });
  useLayoutEffect(() => {
    if (!button.current) return;
    // A press on the button is its own business: it closes.
    popover.setDisclosureElement(button.current);
    popover.setAnchorElement(button.current);
  }, [popover, button]);
  return (
    <Aria.Popover
      store={popover}
      id={id}
      className={cx(styles.popover, !bare && styles.padded, className)}
      gutter={6}
      portal
      overlap
      aria-label={label}
      autoFocusOnShow={(first) => {
        if (!focusSelf) return true;
        first?.closest<HTMLElement>('[role="dialog"]')?.focus();
        return false;
      }}
      getAnchorRect={anchor ? () => anchor.getBoundingClientRect() : undefined}
      finalFocus={finalFocus ?? anchor ?? button}
      hideOnInteractOutside={(event) => !(anchor && event.target instanceof Node && anchor.contains(event.target))}
    >
      {children}
    </Aria.Popover>
  );
}
