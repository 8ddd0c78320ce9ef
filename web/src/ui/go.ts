/** Links of this site that are followed without loading the page anew. */
import type { MouseEvent } from 'react';
import { navigate } from 'wouter/use-browser-location';

/**
 * followLink goes to the address of the link that was pressed. Presses that mean another tab or window are the
 * browser's. For lists of many links: unlike wouter's `Link` these don't watch the address.
 */
export function followLink(event: MouseEvent<HTMLElement>): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const href = link?.getAttribute('href');
  if (!href) return;
  event.preventDefault();
  navigate(href);
}
