/** What stands in an open menu. `Menu.tsx` loads it when a menu is about to open. */

import * as Aria from '@ariakit/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import { createContext, type ReactNode, type RefObject, useContext, useLayoutEffect } from 'react';
import { cx } from './cx';
import { Kbd } from './Kbd';
import { ariaShortcut } from './keys';
import type { AnchoredMenuProps, MenuItemProps, MenuPlacement, SubMenuProps } from './Menu';
import styles from './Menu.module.css';

/** Gives the focus back to where the menu was opened. */
const Back = createContext<() => void>(() => undefined);

export interface MenuSheetProps {
  /** The button that opened it. */
  button: RefObject<HTMLElement | null>;
  id: string;
  label: string;
  placement: MenuPlacement;
  /** What has the focus first. */
  first: 'first' | 'last' | 'container';
  onClose: () => void;
  children: ReactNode;
}

/** MenuSheet is the list of a menu button. It is open while it is in the page. */
export function MenuSheet({ button, id, label, placement, first, onClose, children }: MenuSheetProps) {
  const menu = Aria.useMenuStore({ open: true, placement, setOpen: (open) => !open && onClose() });
  useLayoutEffect(() => {
    // A press on the button is its own business: it closes.
    menu.setDisclosureElement(button.current);
    menu.setAnchorElement(button.current);
    menu.setInitialFocus(first);
    menu.setAutoFocusOnShow(true);
  }, [menu, button, first]);
  return (
    <Aria.Menu store={menu} id={id} className={styles.menu} gutter={4} portal aria-label={label} finalFocus={button}>
      <Back value={() => button.current?.focus()}>{children}</Back>
    </Aria.Menu>
  );
}

/** AnchoredMenu, as `Menu.tsx` describes it. */
export function AnchoredMenu({ anchor, at, label, placement = 'bottom-start', onClose, children }: AnchoredMenuProps) {
  const menu = Aria.useMenuStore({ open: true, placement, setOpen: (open) => !open && onClose() });
  useLayoutEffect(() => {
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
      <Back value={() => anchor?.focus({ preventScroll: true })}>{children}</Back>
    </Aria.Menu>
  );
}

/** MenuItem, as `Menu.tsx` describes it. */
export function MenuItem({ icon, onSelect, danger, shortcut, disabled, checked, hint, href, children }: MenuItemProps) {
  const back = useContext(Back);
  // What opens next gives the focus back to where it was: that mustn't be this item, which goes.
  const select = () => {
    back();
    onSelect?.();
  };
  return (
    <Aria.MenuItem
      className={cx(styles.item, danger && styles.danger)}
      disabled={disabled}
      onClick={onSelect && select}
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

/** MenuSeparator, as `Menu.tsx` describes it. */
export function MenuSeparator() {
  return <Aria.MenuSeparator className={styles.separator} />;
}

/** MenuGroup, as `Menu.tsx` describes it. */
export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Aria.MenuGroup>
      <Aria.MenuGroupLabel className={styles.groupLabel}>{label}</Aria.MenuGroupLabel>
      {children}
    </Aria.MenuGroup>
  );
}

/** SubMenu, as `Menu.tsx` describes it. */
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
      <Aria.Menu className={styles.menu} gutter={4} portal unmountOnHide overlap aria-label={label}>
        {children}
      </Aria.Menu>
    </Aria.MenuProvider>
  );
}
