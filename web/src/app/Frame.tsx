/** The frame: team rail, sidebar, header, centre, pane on the right. On a phone one of them at a time. */
import { useEffect, useState } from 'react';
import { watchReading } from '@/features/channels/reading';
import { watchDrafts } from '@/features/composer/drafts';
import { watchFiles } from '@/features/files/keep';
import { GroupCards } from '@/features/groups/GroupCards';
import { MessageLayers } from '@/features/messages/MessageLayers';
import { ReadingProvider } from '@/features/messages/ReadingProvider';
import { useNotifications } from '@/features/notify/useNotifications';
import { PersonCards } from '@/features/people/PersonCards';
import { watchPresence } from '@/features/people/presence';
import { watchZone } from '@/features/people/zone';
import { watchThreads } from '@/features/threads/reading';
import { Text, useText } from '@/i18n/text';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Banner } from '@/ui/Banner';
import { late, lateModule, startLate } from '@/ui/late';
import { usePhone } from '@/ui/media';
import { useQuiet } from '@/ui/quiet';
import { Resizer } from '@/ui/Resizer';
import { Centre } from './Centre';
import { Dialogs } from './dialogs';
import styles from './Frame.module.css';
import { RightPane } from './RightPane';
import { Side } from './Side';
import { watchShortcuts } from './shortcuts';
import { watchSwipes } from './swipe';
import { TopBar } from './TopBar';

const DropAreas = late(() => import('@/features/files/DropAreas').then((module) => module.DropAreas));

const Announcement = late(() => import('@/features/channels/Announcement').then((module) => module.Announcement));

const widths = { sidebar: { first: 248, min: 200, max: 360 }, pane: { first: 400, min: 320, max: 560 } };

const bookmarks = lateModule(() => import('@/features/channels/bookmarks'));
const receipts = lateModule(() => import('@/features/channels/receipts'));
const webPublic = lateModule(() => import('@/features/channels/webPublic'));
const topics = lateModule(() => import('@/features/topics/actions'));
const customs = lateModule(() => import('@/features/emoji/customActions'));

function useWidth(name: 'sidebar' | 'pane'): [number, (width: number) => void] {
  const key = `parley.width.${name}`;
  const [width, setWidth] = useState(() => Number(localStorage.getItem(key)) || widths[name].first);
  const change = (next: number) => {
    setWidth(next);
    localStorage.setItem(key, String(next));
  };
  return [width, change];
}

export function Frame() {
  return (
    <ReadingProvider>
      <Panes />
    </ReadingProvider>
  );
}

function Panes() {
  const t = useText();
  const front = useApp((state) => state.place.front);
  const quiet = useQuiet();
  // On a phone what stands in front is what the page is about, and has its heading.
  const phone = usePhone();
  const mainIf = (pane: typeof front) => (phone && front === pane ? 'main' : undefined);
  const paneOpen = useApp((state) => state.place.pane !== undefined);
  const [sidebar, setSidebar] = useWidth('sidebar');
  const [pane, setPane] = useWidth('pane');
  useEffect(watchReading, []);
  useEffect(watchThreads, []);
  useEffect(watchPresence, []);
  useEffect(watchZone, []);
  useEffect(watchDrafts, []);
  useEffect(watchFiles, []);
  useEffect(() => startLate(customs, (module) => module.watchCustomEmojis()), []);
  useEffect(() => startLate(receipts, (module) => module.watchReceipts()), []);
  useEffect(() => startLate(webPublic, (module) => module.watchWebPublic()), []);
  useEffect(() => startLate(topics, (module) => module.watchTopics()), []);
  useEffect(() => startLate(bookmarks, (module) => module.watchBookmarks()), []);
  useNotifications();
  useEffect(watchShortcuts, []);
  useEffect(watchSwipes, []);
  const columns = { '--sidebar': `${sidebar}px`, '--pane': `${pane}px` } as React.CSSProperties;
  return (
    <div className={styles.frame} data-front={front} data-pane={paneOpen || undefined} style={columns}>
      <Connection />
      <div className={styles.side} data-surface="side" role={mainIf('sidebar')}>
        {mainIf('sidebar') && <h1 className="visually-hidden">{t('sidebar.channels')}</h1>}
        <Side
          edge={
            <Resizer
              label={t('app.resizeSidebar')}
              value={sidebar}
              {...widths.sidebar}
              onChange={setSidebar}
              side="right"
            />
          }
        />
      </div>
      <div className={styles.top}>
        <TopBar />
      </div>
      <main className={styles.centre} id="centre">
        <Centre />
      </main>
      {paneOpen && (
        <section className={styles.pane} role={mainIf('pane') ?? 'complementary'} aria-label={t('app.pane')}>
          <Resizer label={t('app.resizePane')} value={pane} {...widths.pane} onChange={setPane} side="left" />
          <RightPane />
        </section>
      )}
      <Dialogs />
      <PersonCards />
      <GroupCards />
      <MessageLayers />
      {quiet && <DropAreas />}
    </div>
  );
}

/** Connection says quietly that the server is out of reach and that the client goes on trying, and what is announced. */
function Connection() {
  const offline = useApp((state) => state.server.connection === 'offline');
  const announced = useApp((state) => isOn(state, 'EnableBanner'));
  return (
    <div className={styles.connection}>
      <div role="status">
        {offline && (
          <Banner kind="warn">
            <Text id="app.offline" />
          </Banner>
        )}
      </div>
      {announced && <Announcement />}
    </div>
  );
}
