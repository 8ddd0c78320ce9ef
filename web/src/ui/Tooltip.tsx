import { Tooltip as Bubble, TooltipAnchor, TooltipProvider } from '@ariakit/react/tooltip';
import type { ReactElement } from 'react';
import { Kbd } from './Kbd';
import styles from './Tooltip.module.css';

export type TooltipPlacement =
  | 'top'
  | 'bottom'
  | 'left'
  | 'right'
  | 'top-start'
  | 'bottom-start'
  | 'top-end'
  | 'bottom-end';

export interface TooltipProps {
  text: string;
  /** Keys as in Kbd. */
  shortcut?: string;
  placement?: TooltipPlacement;
  /** The text says more than the name of what it hangs on: screen readers hear it as its description. */
  describes?: boolean;
  /** One element that takes a ref and the props of an anchor. */
  children: ReactElement;
}

/** Tooltip shows a short text beside what is hovered or focused by keyboard. */
export function Tooltip({ text, shortcut, placement = 'top', describes, children }: TooltipProps) {
  return (
    <TooltipProvider timeout={450} hideTimeout={0} placement={placement}>
      <TooltipAnchor render={children} aria-description={describes ? text : undefined} />
      <Bubble className={styles.tip} gutter={6} unmountOnHide portal aria-hidden>
        {text}
        {shortcut && <Kbd keys={shortcut} quiet />}
      </Bubble>
    </TooltipProvider>
  );
}
