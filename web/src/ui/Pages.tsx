/** The frame of pages beside the team: a bar with the way back, the list of pages, and the page itself. */
import { ArrowLeft, type LucideIcon, Menu as MenuIcon } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Link } from 'wouter';
import { cx } from './cx';
import { IconButton } from './IconButton';
import styles from './Pages.module.css';

export interface PagesProps {
  /** Which page it is: another one begins at its top, with the list closed on a phone. */
  id: string;
  /** What all pages together are called. */
  title: string;
  heading: string;
  back: { href: string; label: string };
  /** What the button that opens the list on a phone is called. */
  listLabel: string;
  /** The list of pages. */
  list: ReactNode;
  children: ReactNode;
}

/** Pages shows one page beside the list of all. */
export function Pages({ id, title, heading, back, listLabel, list, children }: PagesProps) {
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    setOpen(false);
    main.current?.scrollTo(0, 0);
  }, [id]);
  useEffect(() => {
    document.title = `${heading} – ${title}`;
  }, [heading, title]);
  return (
    <div className={styles.pages} data-open={open || undefined}>
      <header className={styles.top}>
        <span className={styles.burger}>
          <IconButton icon={<MenuIcon />} label={listLabel} pressed={open} onClick={() => setOpen(!open)} />
        </span>
        <Link href={back.href} className={styles.back}>
          <ArrowLeft size={16} aria-hidden="true" /> {back.label}
        </Link>
        <p className={styles.title}>{title}</p>
      </header>
      <nav className={styles.nav} aria-label={listLabel}>
        {list}
      </nav>
      <main className={styles.main} ref={main}>
        <div className={styles.page}>
          <h1 className={styles.heading}>{heading}</h1>
          {children}
        </div>
      </main>
    </div>
  );
}

export interface PageEntry {
  id: string;
  href: string;
  icon: LucideIcon;
  title: string;
}

/** PageGroup is a titled part of the list of pages. */
export function PageGroup({ title, pages, current }: { title: string; pages: readonly PageEntry[]; current: string }) {
  const id = useId();
  if (pages.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={styles.group}>
        {title}
      </h2>
      <ul className={styles.list}>
        {pages.map(({ id: page, href, icon: Icon, title: name }) => (
          <li key={page}>
            <Link
              href={href}
              className={cx(styles.link, page === current && styles.current)}
              aria-current={page === current ? 'page' : undefined}
            >
              <Icon size={18} aria-hidden="true" /> {name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
