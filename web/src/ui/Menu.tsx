/** Menus of acts. Every act in a menu is reachable elsewhere by keyboard through the menu's own button. */

import {
  cloneElement,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useId,
  useRef,
  useState,
} from 'react';
import { Later, lateModule } from './late';
import './Menu.module.css';
import { type Handlers, withHandlers, withRef } from './props';

export type MenuPlacement =
  | 'bottom-start'
  | 'bottom-end'
  | 'top-start'
  | 'top-end'
  | 'right-start'
  | 'left-start'
  | 'right-end';

export interface MenuProps {
  /** The button that opens the menu: a Button or an IconButton. */
  trigger: ReactElement;
  label: string;
  children: ReactNode;
  placement?: MenuPlacement;
  /** Told when the menu opens and closes, for what must stay visible meanwhile. */
  onOpenChange?: (open: boolean) => void;
  open?: boolean;
}

const parts = lateModule(() => import('./MenuParts'), 'soon');
const Sheet = parts.part((module) => module.MenuSheet, 'carries');

/** What has the focus first when a key opens a menu: the arrow towards where it stands. */
function firstOf(key: string, placement: MenuPlacement): 'first' | 'last' | undefined {
  const side = placement.split('-')[0];
  if (side === 'right') return key === 'ArrowRight' ? 'first' : undefined;
  if (side === 'left') return key === 'ArrowLeft' ? 'first' : undefined;
  if (key === 'ArrowDown') return 'first';
  return key === 'ArrowUp' ? 'last' : undefined;
}

/** Menu is a button and the list of acts it opens. */
export function Menu({ trigger, label, children, placement = 'bottom-start', onOpenChange, open: wished }: MenuProps) {
  const id = useId();
  const [own, setOwn] = useState(false);
  const button = useRef<HTMLElement>(null);
  const [first, setFirst] = useState<'first' | 'last' | 'container'>('container');
  const open = wished ?? own;
  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  const show = (focus: 'first' | 'last' | 'container') => {
    setFirst(focus);
    change(true);
  };
  const handlers: Handlers = {
    onPointerEnter: () => void Sheet.preload(),
    onFocus: () => void Sheet.preload(),
    onClick: (event: MouseEvent) => {
      // A click by key has no place.
      if (open) change(false);
      else show(event.detail === 0 ? 'first' : 'container');
    },
    onKeyDown: (event: KeyboardEvent) => {
      const focus = firstOf(event.key, placement);
      if (!focus || open) return;
      event.preventDefault();
      show(focus);
    },
  };
  return (
    <>
      {cloneElement(
        trigger,
        withHandlers(trigger, handlers, {
          'aria-haspopup': 'menu',
          'aria-expanded': open,
          ...(open && { 'aria-controls': id }),
          ref: withRef(trigger, button),
        }),
      )}
      {open && (
        <Later onFail={() => change(false)}>
          <Sheet
            button={button}
            id={id}
            label={label}
            placement={placement}
            first={first}
            onClose={() => change(false)}
          >
            {children}
          </Sheet>
        </Later>
      )}
    </>
  );
}

export interface AnchoredMenuProps {
  /** What the menu stands beside, and what gets the focus back. */
  anchor: HTMLElement | null;
  /** Where it was called for, such as by a right click; beside the anchor without it. */
  at?: { x: number; y: number };
  label: string;
  placement?: MenuPlacement;
  onClose: () => void;
  children: ReactNode;
}

/** AnchoredMenu is a menu that is open while it is in the page: one for all rows of a list, and for right clicks. */
export const AnchoredMenu = parts.part((module) => module.AnchoredMenu, 'carries');

export interface MenuItemProps {
  icon?: ReactNode;
  onSelect?: () => void;
  danger?: boolean;
  /** Keys as in Kbd. */
  shortcut?: string;
  disabled?: boolean;
  /** For one that is on or off, or one of several. */
  checked?: boolean;
  /** A second line, quieter. */
  hint?: ReactNode;
  /** Goes to another place: the item is a link. */
  href?: string;
  children: ReactNode;
}

/** MenuItem is one act; the menu closes and the focus is back at its button before the act runs. */
export const MenuItem = parts.part((module) => module.MenuItem);

/** MenuSeparator is the line between two kinds of acts. */
export const MenuSeparator = parts.part((module) => module.MenuSeparator);

/** MenuGroup names acts that belong together. */
export const MenuGroup = parts.part((module) => module.MenuGroup);

export interface SubMenuProps {
  label: string;
  icon?: ReactNode;
  /** A second line, quieter. */
  hint?: ReactNode;
  /** Stands before the arrow, such as a tick. */
  mark?: ReactNode;
  children: ReactNode;
}

/** SubMenu is an item that opens a further menu beside it. */
export const SubMenu = parts.part((module) => module.SubMenu);
