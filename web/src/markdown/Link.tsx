import type { MouseEvent, ReactNode } from 'react';
import { useSurroundings } from './context';
import { ownPath } from './links';
import styles from './Markdown.module.css';

/** externalLink are the properties of every link that leaves this client. */
export const externalLink = { target: '_blank', rel: 'noopener noreferrer' } as const;

/** isPlainClick tells a click that follows a link from one that opens it elsewhere. */
export function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

/** Link leads to a place of this site inside the client, and anywhere else in a window of its own. */
export function Link({ href, title, children }: { href: string; title?: string; children: ReactNode }) {
  const { siteUrl, onNavigate } = useSurroundings();
  const path = ownPath(href, siteUrl);
  if (path && onNavigate) {
    const follow = (event: MouseEvent) => {
      if (!isPlainClick(event)) return;
      event.preventDefault();
      onNavigate(path);
    };
    return (
      <a href={href} title={title} rel="noopener noreferrer" className={styles.link} onClick={follow}>
        {children}
      </a>
    );
  }
  return (
    <a href={href} title={title} className={styles.link} {...externalLink}>
      {children}
    </a>
  );
}
