import * as Aria from '@ariakit/react/popover';
import type { ReactElement, ReactNode, RefObject } from 'react';
import { cx } from './cx';
import styles from './Popover.module.css';

export interface PopoverProps {
  /** The button that opens it. Without one, `anchor` says where it stands. */
  trigger?: ReactElement;
  anchor?: HTMLElement | null;
  label: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  placement?:
    | 'bottom-start'
    | 'bottom-end'
    | 'bottom'
    | 'top-start'
    | 'top-end'
    | 'top'
    | 'right-start'
    | 'right'
    | 'left-start'
    | 'left';
  /** The content brings its own edges. */
  bare?: boolean;
  /** The popover itself takes the focus: for one that is read before anything in it is pressed. */
  focusSelf?: boolean;
  /** Where the focus is when it has closed; at what opened it unless given. */
  finalFocus?: RefObject<HTMLElement | null>;
  className?: string;
  children: ReactNode;
}

/** Popover is a small dialog beside what opened it; the page stays usable. Escape and a click outside close it. */
export function Popover(props: PopoverProps) {
  const {
    trigger,
    anchor,
    label,
    open,
    onOpenChange,
    placement = 'bottom-start',
    bare,
    focusSelf,
    finalFocus,
    className,
    children,
  } = props;
  return (
    <Aria.PopoverProvider open={open} setOpen={onOpenChange} placement={placement}>
      {trigger && <Aria.PopoverDisclosure render={trigger} />}
      <Aria.Popover
        className={cx(styles.popover, !bare && styles.padded, className)}
        gutter={6}
        portal
        overlap
        unmountOnHide
        aria-label={label}
        autoFocusOnShow={(first) => {
          if (!focusSelf) return true;
          first?.closest<HTMLElement>('[role="dialog"]')?.focus();
          return false;
        }}
        getAnchorRect={anchor ? () => anchor.getBoundingClientRect() : undefined}
        finalFocus={finalFocus ?? anchor ?? undefined}
        hideOnInteractOutside={(event) => !(anchor && event.target instanceof Node && anchor.contains(event.target))}
      >
        {children}
      </Aria.Popover>
    </Aria.PopoverProvider>
  );
}
