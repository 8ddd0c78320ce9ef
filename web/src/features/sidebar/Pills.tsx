import { ArrowDown, ArrowUp } from 'lucide-react';
import type { RefObject } from 'react';
import { useText } from '@/i18n/text';
import { cx } from '@/ui/cx';
import { beyondView, type Placed, type View } from './rows';
import styles from './Tree.module.css';
import { useSidebar } from './view';

export interface PillsProps {
  places: readonly Placed[];
  view: View;
  scroller: RefObject<HTMLDivElement | null>;
}

/** Pills say that something unread is out of view, above or below, and go there. */
export function Pills({ places, view, scroller }: PillsProps) {
  const t = useText();
  const unread = useSidebar((state) => state.unread);
  const { above, below } = beyondView(places, view, (id) => unread.has(id));
  const go = (index: number) => {
    const element = scroller.current;
    const place = places[index];
    if (!element || !place) return;
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const top = place.top - element.clientHeight / 2 + place.height / 2;
    element.scrollTo({ top, behavior: calm ? 'auto' : 'smooth' });
  };
  // The keyboard reaches what is unread by a shortcut; the pills are for the eye and the hand.
  return (
    <>
      {above !== undefined && (
        <button type="button" tabIndex={-1} className={cx(styles.pill, styles.above)} onClick={() => go(above)}>
          <ArrowUp size={14} aria-hidden="true" />
          {t('sidebar.unreadAbove')}
        </button>
      )}
      {below !== undefined && (
        <button type="button" tabIndex={-1} className={cx(styles.pill, styles.below)} onClick={() => go(below)}>
          <ArrowDown size={14} aria-hidden="true" />
          {t('sidebar.unreadBelow')}
        </button>
      )}
    </>
  );
}
