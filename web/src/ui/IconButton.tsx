import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx';
import styles from './IconButton.module.css';
import { ariaShortcut } from './keys';
import { Tooltip, type TooltipPlacement } from './Tooltip';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** The accessible name, shown as the tooltip. */
  label: string;
  icon: ReactNode;
  /** For a toggle: whether it is on. */
  pressed?: boolean;
  /** Keys as in Kbd, `mod+shift+m`: shown in the tooltip and told to screen readers. */
  shortcut?: string;
  /** `s` is 28 px, for bars inside rows; `m` is the usual target. */
  size?: 's' | 'm';
  placement?: TooltipPlacement;
  /** Leaves the tooltip out, where the label stands beside the icon. */
  noTooltip?: boolean;
}

/** IconButton is a button with an icon only; its label is its name and its tooltip. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, pressed, shortcut, size = 'm', placement, noTooltip, className, ...rest } = props;
  const button = (
    <button
      type="button"
      {...rest}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={ariaShortcut(shortcut)}
      className={cx(styles.button, size === 's' && styles.small, className)}
    >
      {icon}
    </button>
  );
  if (noTooltip) return button;
  return (
    <Tooltip text={label} shortcut={shortcut} placement={placement}>
      {button}
    </Tooltip>
  );
}
