/** The System Console: what administrators look at, change and do to the whole server. */
import { ArrowLeft, Menu as MenuIcon } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { seesConsole } from '@/features/teams/rights';
import { useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { SearchField } from '@/ui/SearchField';
import { BrandPart } from './BrandPart';
import styles from './Console.module.css';
import { groups, type Page, pages } from './pages';
import { SettingsPage } from './settings/SettingsPage';
import { type SheetId, sheets } from './settings/sheets';

const root = '/admin_console';

/** Console shows the page that the address names beside the list of all. */
export function Console() {
  const t = useText();
  const [path] = useLocation();
  const id = path.slice(root.length + 1).replace(/\/$/, '') || 'overview';
  const allowed = useApp(seesConsole);
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    setOpen(false);
    main.current?.scrollTo(0, 0);
  }, [id]);
  const page = pages.find((one) => one.id === id);
  useEffect(() => {
    document.title = `${page ? t(page.title) : ''} – ${t('admin.title')}`;
  }, [page, t]);
  if (!allowed) {
    return (
      <EmptyState page title={t('admin.closed')} action={<Link href="/">{t('admin.back')}</Link>}>
        {t('admin.closed.hint')}
      </EmptyState>
    );
  }
  return (
    <div className={styles.console} data-open={open || undefined}>
      <header className={styles.top}>
        <span className={styles.burger}>
          <IconButton icon={<MenuIcon />} label={t('admin.pages')} pressed={open} onClick={() => setOpen(!open)} />
        </span>
        <Link href="/" className={styles.back}>
          <ArrowLeft size={16} aria-hidden="true" /> {t('admin.back')}
        </Link>
        <p className={styles.title}>{t('admin.title')}</p>
      </header>
      <Pages current={id} />
      <main className={styles.main} ref={main}>
        <div className={styles.page}>
          <h1 className={styles.heading}>{t(page?.title ?? 'admin.nothing')}</h1>
          <Content id={id} page={page} />
        </div>
      </main>
    </div>
  );
}

function Content({ id, page }: { id: string; page: Page | undefined }) {
  const t = useText();
  const brand = useApp((state) => can(state, 'edit_brand'));
  if (page?.Content) return <page.Content key={id} />;
  if (page) {
    const sheet = id.replace('settings/', '') as SheetId;
    return (
      <>
        <SettingsPage key={id} sheet={sheet} />
        {sheet === 'general' && brand && <BrandPart />}
      </>
    );
  }
  return <EmptyState title={t('admin.nothing.hint')} />;
}

/** Pages is the list of pages. What is typed above it finds settings, too. */
function Pages({ current }: { current: string }) {
  const t = useText();
  const [term, setTerm] = useState('');
  const hits = useHits(term);
  const state = useApp((one) => one);
  const shown = pages.filter((page) => page.needs === '' || can(state, page.needs));
  return (
    <nav className={styles.nav} aria-label={t('admin.pages')}>
      <SearchField label={t('admin.find')} value={term} onChange={setTerm} className={styles.find} />
      {term.trim() !== '' ? (
        <ul className={styles.list} aria-label={t('admin.found')}>
          {hits.map((hit) => (
            <li key={hit.key}>
              <Link
                href={`${root}/${hit.sheet === 'backups' ? 'backups' : `settings/${hit.sheet}`}#${hit.key}`}
                className={styles.hit}
              >
                <span>{hit.label}</span>
                <span className={styles.where}>{t(`admin.sheet.${hit.sheet}`)}</span>
              </Link>
            </li>
          ))}
          {hits.length === 0 && <li className={styles.none}>{t('admin.find.none')}</li>}
        </ul>
      ) : (
        groups.map((group) => <GroupList key={group} pages={shown} group={group} current={current} />)
      )}
    </nav>
  );
}

function GroupList({ pages: all, group, current }: { pages: Page[]; group: string; current: string }) {
  const t = useText();
  const id = useId();
  const list = all.filter((page) => page.group === group);
  if (list.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={styles.group}>
        {t(`admin.group.${group as Page['group']}`)}
      </h2>
      <ul className={styles.list}>
        {list.map(({ id: page, icon: Icon, title }) => (
          <li key={page}>
            <Link
              href={page === 'overview' ? root : `${root}/${page}`}
              className={cx(styles.link, page === current && styles.current)}
              aria-current={page === current ? 'page' : undefined}
            >
              <Icon size={18} aria-hidden="true" /> {t(title)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** plain is a text as it is compared: small letters, without accents. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const hitsMost = 20;

/** useHits finds settings by their label, their hint and their name. */
function useHits(term: string) {
  const t = useText();
  const all = useMemo(
    () =>
      sheets.flatMap((sheet) =>
        sheet.keys.map((key) => {
          const label = t(`admin.set.${key}`);
          return { key, sheet: sheet.id, label, words: plain(`${label} ${key} ${t(`admin.sheet.${sheet.id}`)}`) };
        }),
      ),
    [t],
  );
  const wanted = plain(term).split(/\s+/).filter(Boolean);
  return all.filter((hit) => wanted.every((word) => hit.words.includes(word))).slice(0, hitsMost);
}
