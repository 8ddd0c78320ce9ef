/** Menus of acts. Every act in a menu is reachable elsewhere by keyboard through the menu's own button. */

import * as Aria from '@ariakit/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import { type ReactElement, type ReactNode, useEffect } from 'react';
import { cx } from './cx';
import { Kbd } from './Kbd';
import { ariaShortcut } from './keys';
import styles from './Menu.module.css';

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

/** Menu is a button and the list of acts it opens. */
export function Menu({ trigger, label, children, placement = 'bottom-start', onOpenChange, open }: MenuProps) {
  return (
    <Aria.MenuProvider placement={placement} setOpen={onOpenChange} open={open}>
      <Aria.MenuButton render={trigger} />
      <MenuSheet label={label}>{children}</MenuSheet>
    </Aria.MenuProvider>
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
export function AnchoredMenu({ anchor, at, label, placement = 'bottom-start', onClose, children }: AnchoredMenuProps) {
  const menu = Aria.useMenuStore({ open: true, placement, setOpen: (open) => !open && onClose() });
  useEffect(() => {
    menu.setInitialFocus(at ? 'container' : 'first');
    menu.setAutoFocusOnShow(true);
  }, [menu, at]);
  return (
    <Aria.Menu
      store={menu}
      className={styles.menu}
      gutter={4}
      portal
      aria-label={label}
      finalFocus={anchor ?? undefined}
      getAnchorRect={() => (at ? { ...at, width: 0, height: 0 } : (anchor?.getBoundingClientRect() ?? null))}
    >
      {children}
    </Aria.Menu>
  );
}

function MenuSheet({ label, children, inside }: { label: string; children: ReactNode; inside?: boolean }) {
  return (
    <Aria.Menu className={styles.menu} gutter={4} portal unmountOnHide overlap={inside} aria-label={label}>
      {children}
    </Aria.Menu>
  );
}

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
export function MenuItem({ icon, onSelect, danger, shortcut, disabled, checked, hint, href, children }: MenuItemProps) {
  return (
    <Aria.MenuItem
      className={cx(styles.item, danger && styles.danger)}
      disabled={disabled}
      onClick={onSelect}
      aria-keyshortcuts={ariaShortcut(shortcut)}
      render={href ? <a href={href} {...elsewhere(href)} /> : undefined}
      {...(checked === undefined ? {} : { role: 'menuitemcheckbox', 'aria-checked': checked })}
    >
      {icon && <span className={styles.icon}>{icon}</span>}
      <span className={styles.words}>
        {children}
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
      {shortcut && <Kbd keys={shortcut} quiet />}
      {checked && <Check size={16} className={styles.check} aria-hidden="true" />}
    </Aria.MenuItem>
  );
}

/** Another site opens beside this one. */
const elsewhere = (href: string) => (/^https?:/.test(href) ? { target: '_blank', rel: 'noopener noreferrer' } : {});

/** MenuSeparator is the line between two kinds of acts. */
export function MenuSeparator() {
  return <Aria.MenuSeparator className={styles.separator} />;
}

/** MenuGroup names acts that belong together. */
export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Aria.MenuGroup>
      <Aria.MenuGroupLabel className={styles.groupLabel}>{label}</Aria.MenuGroupLabel>
      {children}
    </Aria.MenuGroup>
  );
}

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
export function SubMenu({ label, icon, hint, mark, children }: SubMenuProps) {
  return (
    <Aria.MenuProvider placement="right-start">
      <Aria.MenuButton className={styles.item} render={<Aria.MenuItem hideOnClick={false} />}>
        {icon && <span className={styles.icon}>{icon}</span>}
        <span className={styles.words}>
          {label}
          {hint && <span className={styles.hint}>{hint}</span>}
        </span>
        {mark}
        <ChevronRight size={16} className={styles.check} aria-hidden="true" />
      </Aria.MenuButton>
      <MenuSheet label={label} inside>
        {children}
      </MenuSheet>
    </Aria.MenuProvider>
  );
}
