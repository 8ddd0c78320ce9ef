import { cloneElement, type ReactElement, type ReactNode, type RefObject, useId, useRef, useState } from 'react';
import { Later, lateModule } from './late';
import './Popover.module.css';
import { type Handlers, withHandlers, withRef } from './props';

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

const parts = lateModule(() => import('./PopoverSheet'), 'soon');
const Sheet = parts.part((module) => module.PopoverSheet, 'carries');

/** Popover is a small dialog beside what opened it; the page stays usable. Escape and a click outside close it. */
export function Popover({ trigger, open: wished, onOpenChange, children, ...rest }: PopoverProps) {
  const id = useId();
  const [own, setOwn] = useState(false);
  const button = useRef<HTMLElement>(null);
  const open = wished ?? own;
  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  const handlers: Handlers = {
    onPointerEnter: () => void Sheet.preload(),
    onFocus: () => void Sheet.preload(),
    onClick: () => change(!open),
  };
  const opens = { 'aria-haspopup': 'dialog', 'aria-expanded': open, ...(open && { 'aria-controls': id }) } as const;
  return (
    <>
      {trigger && cloneElement(trigger, withHandlers(trigger, handlers, { ...opens, ref: withRef(trigger, button) }))}
      {open && (
        <Later onFail={() => change(false)}>
          <Sheet {...rest} id={id} button={button} onClose={() => change(false)}>
            {children}
          </Sheet>
        </Later>
      )}
    </>
  );
}
