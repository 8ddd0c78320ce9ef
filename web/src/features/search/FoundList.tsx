import { type ReactNode, useEffect, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { Text, useText } from '@/i18n/text';
import { postOf } from '@/store/posts';
import { isSaved } from '@/store/selectors';
import { type State, useApp, useAppShallow } from '@/store/store';
import { ErrorState } from '@/ui/ErrorState';
import { SkeletonRow } from '@/ui/Skeleton';
import { TextButton } from '@/ui/TextButton';
import styles from './Found.module.css';
import { FoundRow } from './FoundRow';
import type { Hit } from './found';
import { again, close, type FoundPane, keyOf, more, open, takeFocus, useResults } from './results';
import { useWalk } from './useWalk';

export interface FoundListProps {
  pane: FoundPane;
  /** Names the list for screen readers. */
  label: string;
  /** What stands where nothing was found. */
  empty: ReactNode;
  /** The title of what is said when it didn't load. */
  failed: ReactNode;
  terms?: readonly string[];
}

/** What was deleted, unpinned or taken out of the saved ones since it was found isn't found any more. */
function stands(state: State, pane: FoundPane, { channelId, postId }: Hit): boolean {
  const post = postOf(state.posts, channelId, postId);
  if (!post || post.delete_at > 0) return false;
  if (pane.kind === 'saved') return isSaved(state, postId);
  return pane.kind !== 'pinned' || post.is_pinned;
}

/** Nearer to the end than this, in pixels, the next page is asked for. */
const near = 600;

/** FoundList is what was found for a pane, newest first. */
export function FoundList({ pane, label, empty, failed, terms }: FoundListProps) {
  const key = keyOf(pane);
  // What was found goes with the posts when replies begin or cease to stand in threads.
  const collapsed = useApp((state) => state.posts.collapsed);
  const { hits, status, error, next } = useResults(pane);
  useEffect(() => {
    void open(pane);
  }, [key, collapsed]);
  useEffect(() => close, []);
  const shown = useAppShallow((state) => hits.filter((hit) => stands(state, pane, hit)));
  if (status === 'loading') {
    return (
      <div className={styles.waiting} aria-busy="true">
        <SkeletonRow rows={6} />
      </div>
    );
  }
  if (status === 'failed') return <ErrorState title={failed} error={error} onRetry={() => void again(pane)} />;
  if (shown.length === 0 && next === undefined) return <div className={styles.state}>{empty}</div>;
  return <Rows pane={pane} hits={shown} label={label} terms={terms} />;
}

function Rows({
  pane,
  hits,
  label,
  terms,
}: {
  pane: FoundPane;
  hits: Hit[];
  label: string;
  terms?: readonly string[] | undefined;
}) {
  const list = useRef<VListHandle>(null);
  const ids = hits.map((hit) => hit.postId);
  const { current, onKeyDown, onFocus } = useWalk(ids, list);
  const box = useRef<HTMLDivElement>(null);
  const [first] = ids;
  useEffect(() => {
    if (!first || !takeFocus()) return;
    // The rows come into the page once the list has measured itself.
    const focus = (tries: number) => {
      const row = box.current?.querySelector<HTMLElement>('[data-message]');
      if (row) row.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => focus(tries - 1));
    };
    focus(20);
  }, [pane]);
  const look = () => {
    const at = list.current;
    if (at && at.scrollOffset + at.viewportSize > at.scrollSize - near) void more(pane);
  };
  // A page may be shorter than the pane, or all of it may be gone by now.
  useEffect(look, [hits.length]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of its rows, which walk among them
    <div ref={box} className={styles.list} onKeyDown={onKeyDown} onFocus={onFocus}>
      <VList ref={list} className={styles.scroller} role="list" aria-label={label} onScroll={look}>
        {hits.map(({ channelId, postId }) => (
          <FoundRow
            key={postId}
            channelId={channelId}
            postId={postId}
            tabbable={postId === current}
            terms={terms}
            oneChannel={pane.kind === 'pinned'}
          />
        ))}
        {/* biome-ignore lint/a11y/useSemanticElements: the virtual list brings its own boxes */}
        <div key="foot" role="listitem">
          <Foot pane={pane} />
        </div>
      </VList>
    </div>
  );
}

function Foot({ pane }: { pane: FoundPane }) {
  const t = useText();
  const { status, error, next } = useResults(pane);
  if (error && status === 'ready') {
    return (
      <p className={styles.foot} role="alert">
        <Text id="search.moreFailed" />{' '}
        <TextButton onClick={() => void more(pane)}>
          <Text id="search.retry" />
        </TextButton>
      </p>
    );
  }
  if (next === undefined) return <div className={styles.end}>{t('search.end')}</div>;
  return (
    <div className={styles.waiting} role="status" aria-label={t('search.more')}>
      <SkeletonRow rows={2} />
    </div>
  );
}
