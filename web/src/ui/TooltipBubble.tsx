import { Tooltip as Bubble, useTooltipStore } from '@ariakit/react/tooltip';
import { useLayoutEffect } from 'react';
import { Kbd } from './Kbd';
import type { TooltipPlacement } from './Tooltip';
import styles from './Tooltip.module.css';

export interface TooltipBubbleProps {
  /** What it stands beside. */
  anchor: HTMLElement;
  text: string;
  shortcut?: string | undefined;
  placement: TooltipPlacement;
  onHide: () => void;
}

/** TooltipBubble is the text of a tooltip, shown as long as it is in the page. */
export function TooltipBubble({ anchor, text, shortcut, placement, onHide }: TooltipBubbleProps) {
  const tip = useTooltipStore({ open: true, placement, setOpen: (open) => !open && onHide() });
  useLayoutEffect(() => tip.setAnchorElement(anchor), [tip, anchor]);
  return (
    <Bubble store={tip} className={styles.tip} gutter={6} portal hideOnHoverOutside={false} aria-hidden>
      {text}
      {shortcut && <Kbd keys={shortcut} quiet />}
    </Bubble>
  );
}
