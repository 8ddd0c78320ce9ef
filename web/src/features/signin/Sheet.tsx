import { type ReactNode, useEffect, useRef } from 'react';
import { useText } from '@/i18n/text';
import { siteLink, siteName } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { Mark } from '@/ui/Mark';
import { LanguageSwitch } from './LanguageSwitch';
import styles from './Sheet.module.css';

export interface SheetProps {
  title: string;
  /** One or two sentences below the title. */
  intro?: ReactNode;
  /** Above the title, small: where one is in several steps. */
  step?: string;
  /** Below the sheet's content, quieter: the other ways. */
  aside?: ReactNode;
  /** The page has no field that takes the focus: its title does, so that a screen reader begins there. */
  focusTitle?: boolean;
  wide?: boolean;
  children?: ReactNode;
}

/** Sheet is the page of everything before the first channel: one thing to do, in the middle. */
export function Sheet({ title, intro, step, aside, focusTitle, wide, children }: SheetProps) {
  const t = useText();
  const site = useApp(siteName);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${site}`;
  }, [title, site]);
  useEffect(() => {
    if (focusTitle) heading.current?.focus();
  }, [focusTitle, title]);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <Mark size={30} />
        <span className={styles.site}>{site}</span>
      </header>
      <main className={wide ? styles.wide : styles.sheet}>
        {step && <p className={styles.step}>{step}</p>}
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {intro && <div className={styles.intro}>{intro}</div>}
        <div className={styles.content}>{children}</div>
        {aside && <div className={styles.aside}>{aside}</div>}
      </main>
      <footer className={styles.footer}>
        <SiteLinks label={t('signin.links')} />
        <LanguageSwitch />
      </footer>
    </div>
  );
}

const links = [
  { setting: 'AboutLink', text: 'signin.link.about' },
  { setting: 'HelpLink', text: 'signin.link.help' },
  { setting: 'PrivacyPolicyLink', text: 'signin.link.privacy' },
  { setting: 'TermsOfServiceLink', text: 'signin.link.terms' },
] as const;

/** The site's own pages, as far as its administrator has set addresses. */
function SiteLinks({ label }: { label: string }) {
  const t = useText();
  const set = useAppShallow((state) => links.map((link) => siteLink(state, link.setting)));
  if (!set.some(Boolean)) return <span />;
  return (
    <nav aria-label={label} className={styles.links}>
      {links.map(
        (link, index) =>
          set[index] && (
            <a key={link.setting} href={set[index]} target="_blank" rel="noreferrer">
              {t(link.text)}
            </a>
          ),
      )}
    </nav>
  );
}
