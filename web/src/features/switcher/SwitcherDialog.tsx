import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { useStore } from 'zustand';
import { focusComposer } from '@/features/composer/focus';
import { useText } from '@/i18n/text';
import { closeDialog, openDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import { channelPath, teamName, threadsPath } from '@/store/paths';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Kbd } from '@/ui/Kbd';
import { EntryRow } from './EntryRow';
import { type Entry, found, offered } from './entries';
import { Switcher } from './model';
import styles from './SwitcherDialog.module.css';

/** pathTo is the address of an entry. Open channels that one isn't in are joined by going there. */
function pathTo(entry: Entry): string {
  const state = getState();
  const { teamId } = state.place;
  switch (entry.kind) {
    case 'channel':
      return channelPath(state, entry.channel, teamId);
    case 'person':
      return `/${teamName(state, teamId)}/messages/@${state.users.profiles[entry.userId]?.username ?? ''}`;
    case 'team':
      return `/${teamName(state, entry.teamId)}`;
    case 'threads':
      return threadsPath(state, teamId);
  }
}

function go(entry: Entry): void {
  closeDialog();
  navigate(pathTo(entry));
  // Who goes somewhere by key goes on by key.
  requestAnimationFrame(() => focusComposer());
}

type Group = { title?: string; entries: readonly Entry[] };

/** useGroups are the entries as they stand in the list. */
function useGroups(switcher: Switcher): { query: string; asking: boolean; groups: Group[]; flat: Entry[] } {
  const t = useText();
  const { query, more, asking } = useStore(switcher.store);
  // Only what changes the list: messages that come meanwhile don't move it under one's hands.
  const profiles = useApp((state) => state.users.profiles);
  const mine = useApp((state) => state.channels.mine);
  const threads = t('sidebar.threads');
  const titles = { unread: t('switcher.unread'), recent: t('switcher.recent') };
  const [first] = useState(() => offered(getState()));
  const fitting = useMemo(
    () => (query.trim() ? found(getState(), query, more, threads) : undefined),
    [query, more, threads, profiles, mine],
  );
  const groups: Group[] = fitting
    ? [{ entries: fitting }]
    : [
        { title: titles.unread, entries: first.unread },
        { title: titles.recent, entries: first.recent },
      ];
  const shown = groups.filter((group) => group.entries.length > 0);
  return { query, asking, groups: shown, flat: shown.flatMap((group) => group.entries) };
}

const page = 8;

/** moved is where a key leads in a list; undefined when it doesn't. */
function moved(key: string, at: number, length: number): number | undefined {
  const last = length - 1;
  switch (key) {
    case 'ArrowDown':
      return at >= last ? 0 : at + 1;
    case 'ArrowUp':
      return at <= 0 ? last : at - 1;
    case 'PageDown':
      return Math.min(last, at + page);
    case 'PageUp':
      return Math.max(0, at - page);
    default:
      return undefined;
  }
}

/** SwitcherDialog goes to a channel, a person, a team or the threads by a few letters of the name. */
export function SwitcherDialog() {
  const t = useText();
  const id = useId();
  const switcher = useModel(() => new Switcher());
  const { query, asking, groups, flat } = useGroups(switcher);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const chosen = flat[Math.min(at, flat.length - 1)];
  const optionId = (entry: Entry) => `${id}-${entry.key.replace(/\W/g, '-')}`;
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const to = moved(event.key, at, flat.length);
    if (to !== undefined) setAt(to);
    else if (event.key === 'Enter' && chosen) go(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog open onClose={closeDialog} title={t('switcher.title')} palette>
      <div className={styles.field}>
        <Search size={18} aria-hidden="true" />
        <input
          className={styles.input}
          role="combobox"
          aria-label={t('switcher.title')}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen && optionId(chosen)}
          aria-autocomplete="list"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="go"
          placeholder={t('switcher.placeholder')}
          value={query}
          onChange={(event) => {
            switcher.look(event.target.value);
            setAt(0);
          }}
          onKeyDown={key}
        />
        <span className={styles.escape}>
          <Kbd keys="escape" quiet />
        </span>
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={t('switcher.places')} className={styles.list}>
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
          <div key={group.title ?? 'found'} role="group" aria-label={group.title}>
            {group.title && <p className={styles.title}>{group.title}</p>}
            {group.entries.map((entry) => (
              <EntryRow
                key={entry.key}
                id={optionId(entry)}
                entry={entry}
                query={query}
                chosen={entry === chosen}
                onChoose={go}
                onPoint={() => setAt(flat.indexOf(entry))}
              />
            ))}
          </div>
        ))}
      </div>
      {flat.length === 0 && <Nothing query={query.trim()} asking={asking} />}
      <p className="visually-hidden" role="status">
        {query.trim() && !asking && t('switcher.count', { count: flat.length })}
      </p>
    </Dialog>
  );
}

/** Nothing stands there when nothing fits: it offers to look further. */
function Nothing({ query, asking }: { query: string; asking: boolean }) {
  const t = useText();
  if (asking) return <p className={styles.nothing}>{t('switcher.asking')}</p>;
  return (
    <div className={styles.nothing}>
      <p>{query ? t('switcher.none', { query }) : t('switcher.empty')}</p>
      <div className={styles.ways}>
        <Button onClick={() => openDialog({ kind: 'browse-channels' })}>{t('switcher.browse')}</Button>
        {query && (
          <Button onClick={() => openDialog({ kind: 'new-channel', name: query })}>
            {t('switcher.create', { query })}
          </Button>
        )}
      </div>
    </div>
  );
}
