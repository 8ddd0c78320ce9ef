/** The System Console: what administrators look at, change and do to the whole server. */
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { seesConsole } from '@/features/teams/rights';
import { useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { EmptyState } from '@/ui/EmptyState';
import { PageGroup, Pages } from '@/ui/Pages';
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
  const page = pages.find((one) => one.id === id);
  if (!allowed) {
    return (
      <EmptyState page title={t('admin.closed')} action={<Link href="/">{t('admin.back')}</Link>}>
        {t('admin.closed.hint')}
      </EmptyState>
    );
  }
  return (
    <Pages
      id={id}
      title={t('admin.title')}
      heading={t(page?.title ?? 'admin.nothing')}
      back={{ href: '/', label: t('admin.back') }}
      listLabel={t('admin.pages')}
      list={<PageList current={id} />}
    >
      <Content id={id} page={page} />
    </Pages>
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

/** PageList is the list of pages. What is typed above it finds settings, too. */
function PageList({ current }: { current: string }) {
  const t = useText();
  const [term, setTerm] = useState('');
  const hits = useHits(term);
  const state = useApp((one) => one);
  const shown = pages.filter((page) => page.needs === '' || can(state, page.needs));
  return (
    <>
      <SearchField label={t('admin.find')} value={term} onChange={setTerm} className={styles.find} />
      {term.trim() !== '' ? (
        <ul className={styles.hits} aria-label={t('admin.found')}>
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
    </>
  );
}

function GroupList({ pages: all, group, current }: { pages: Page[]; group: string; current: string }) {
  const t = useText();
  const list = all.filter((page) => page.group === group);
  return (
    <PageGroup
      title={t(`admin.group.${group as Page['group']}`)}
      current={current}
      pages={list.map(({ id, icon, title }) => ({
        id,
        icon,
        title: t(title),
        href: id === 'overview' ? root : `${root}/${id}`,
      }))}
    />
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
