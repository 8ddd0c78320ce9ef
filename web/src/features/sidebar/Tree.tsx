import { useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { channelLabel, isCollapsed } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Later, lateModule } from '@/ui/late';
import { AnchoredMenu } from '@/ui/Menu';
import { useCoarse } from '@/ui/media';
import { SkeletonLines } from '@/ui/Skeleton';
import { ChannelRow } from './ChannelRow';
import { DraftsRow, ThreadsRow } from './FixedRow';
import type { Section } from './layout';
import { Pills } from './Pills';
import { coarse, drawnRows, fine, measure, type Placed, type Row, rowsOf } from './rows';
import { SectionRow, sectionName } from './SectionRow';
import styles from './Tree.module.css';
import { useDrag } from './useDrag';
import { useLongPress } from './useLongPress';
import { type Opened, useTree } from './useTree';
import { useView } from './useView';
import { hold, setUnreadOnly, useSidebar } from './view';

const menus = lateModule(() => import('./RowMenus'), 'soon');
const ChannelMenu = menus.part((module) => module.ChannelMenu);
const CategoryMenu = menus.part((module) => module.CategoryMenu);

/** Tree is the list of the sidebar: threads, drafts, categories and channels, walked by arrow keys. */
export function Tree() {
  const sections = useSidebar((view) => view.sections);
  if (!sections) {
    return (
      <div className={styles.loading} aria-busy="true">
        <SkeletonLines lines={12} />
      </div>
    );
  }
  return <Rows sections={sections} />;
}

function useRows(sections: readonly Section[], touch: boolean) {
  const threads = useApp(isCollapsed);
  return useMemo(() => {
    const rows = rowsOf(sections, threads);
    return { rows, ...measure(rows, touch ? coarse : fine) };
  }, [sections, threads, touch]);
}

function Rows({ sections }: { sections: readonly Section[] }) {
  const t = useText();
  const touch = useCoarse();
  const unreadOnly = useSidebar((view) => view.unreadOnly);
  const { rows, places, height } = useRows(sections, touch);
  const scroller = useRef<HTMLDivElement>(null);
  const view = useView(scroller);
  const [menu, setMenu] = useState<Opened>();
  const [said, setSaid] = useState('');
  const nameOf = (row: Row): string => rowName(row, t);
  const tree = useTree({
    places,
    scroller,
    names: nameOf,
    onMenu: setMenu,
    onAdd: (kind) => openDialog({ kind: kind === 'channels' ? 'browse-channels' : 'new-message' }),
    onMoved: (row) => setSaid(t('sidebar.moved', { name: nameOf(row) })),
  });
  const drag = useDrag(places, (key) => {
    const row = rows.find((one) => one.key === key);
    if (row) setSaid(t('sidebar.moved', { name: nameOf(row) }));
  });
  const press = useLongPress(tree.openMenu, rows);
  useEffect(() => {
    hold('menu', menu !== undefined);
    return () => hold('menu', false);
  }, [menu]);
  useScrollToCurrent(places, scroller);
  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        onPointerEnter={(event) => event.pointerType === 'mouse' && hold('pointer', true)}
        onPointerLeave={() => hold('pointer', false)}
      >
        <div
          role="tree"
          aria-label={t('sidebar.channels')}
          className={styles.tree}
          style={{ height }}
          data-dragging={drag.drop !== undefined || undefined}
          {...tree.handlers}
          {...drag.handlers}
          {...press}
        >
          {drawnRows(places, view, tree.active).map((place) => (
            <OneRow
              key={place.row.key}
              place={place}
              tabbable={place.row.key === tree.active}
              busy={menu?.row.key === place.row.key}
              sections={sections.length}
              touch={touch}
            />
          ))}
          {drag.drop?.line !== undefined && <div className={styles.line} style={{ top: drag.drop.line }} />}
          {drag.drop?.area && <div className={styles.area} style={drag.drop.area} />}
        </div>
        {unreadOnly && sections.every((section) => section.ids.length === 0) && <AllRead />}
      </div>
      <Pills places={places} view={view} scroller={scroller} />
      {menu && <RowMenu opened={menu} label={nameOf(menu.row)} onClose={() => setMenu(undefined)} />}
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </div>
  );
}

/** RowMenu is the menu of the row that it was called for. */
function RowMenu({ opened, label, onClose }: { opened: Opened; label: string; onClose: () => void }) {
  const { row, anchor, at } = opened;
  return (
    <Later onFail={onClose}>
      <AnchoredMenu anchor={anchor} {...(at && { at })} label={label} onClose={onClose}>
        {row.kind === 'channel' && <ChannelMenu channelId={row.channelId} section={row.section} />}
        {row.kind === 'section' && row.section.category && (
          <CategoryMenu category={row.section.category} ids={row.section.ids} />
        )}
      </AnchoredMenu>
    </Later>
  );
}

function rowName(row: Row, t: ReturnType<typeof useText>): string {
  if (row.kind === 'threads') return t('sidebar.threads');
  if (row.kind === 'drafts') return t('sidebar.drafts');
  if (row.kind !== 'channel') return sectionName(row.section, t);
  const channel = getState().channels.channels[row.channelId];
  return channel ? channelLabel(getState(), channel) : '';
}

interface OneRowProps {
  place: Placed;
  tabbable: boolean;
  busy: boolean;
  sections: number;
  touch: boolean;
}

function OneRow({ place, tabbable, busy, sections, touch }: OneRowProps) {
  const t = useText();
  const { row, top, height, index } = place;
  const style = useMemo(() => ({ top, height }), [top, height]);
  switch (row.kind) {
    case 'threads':
      return <ThreadsRow style={style} tabbable={tabbable} position={index} size={sections + 1} />;
    case 'drafts':
      return <DraftsRow style={style} tabbable={tabbable} position={index} size={sections + 1} />;
    case 'section':
      return (
        <SectionRow section={row.section} style={style} tabbable={tabbable} position={0} size={sections} busy={busy} />
      );
    case 'hint':
      return (
        <p className={styles.hint} style={style}>
          {t('sidebar.emptyCategory')}
        </p>
      );
    case 'channel':
      return (
        <ChannelRow
          channelId={row.channelId}
          style={style}
          tabbable={tabbable}
          position={row.position}
          size={row.section.ids.length}
          busy={busy}
          draggable={row.section.category !== undefined && !touch}
        />
      );
  }
}

/** AllRead stands in the list of what is unread when nothing is. */
function AllRead() {
  const t = useText();
  return (
    <div className={styles.allRead}>
      <p>{t('sidebar.allRead')}</p>
      <Button onClick={() => setUnreadOnly(false)}>{t('sidebar.showAll')}</Button>
    </div>
  );
}

/** The open channel comes into view when it was opened elsewhere, such as by the switcher or a key. */
function useScrollToCurrent(places: readonly Placed[], scroller: React.RefObject<HTMLDivElement | null>): void {
  const current = useApp((state) => (state.place.view === 'channel' ? state.place.channelId : ''));
  const known = useRef(places);
  known.current = places;
  useEffect(() => {
    const element = scroller.current;
    const place = known.current.find(({ row }) => row.kind === 'channel' && row.channelId === current);
    if (!element || !place) return;
    const { top, height } = place;
    const inView = top >= element.scrollTop && top + height <= element.scrollTop + element.clientHeight;
    if (!inView) element.scrollTop = top - element.clientHeight / 3;
  }, [current, scroller]);
}
