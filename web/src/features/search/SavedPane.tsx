import { Bookmark } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useText } from '@/i18n/text';
import { closePane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { savedIds } from '@/store/selectors';
import { useApp } from '@/store/store';
import { EmptyState } from '@/ui/EmptyState';
import { PaneHeader } from '@/ui/PaneHeader';
import { FoundList } from './FoundList';
import { again } from './results';

/** SavedPane lists the messages that one keeps for oneself. */
export function SavedPane({ pane }: { pane: Extract<Pane, { kind: 'saved' }> }) {
  const t = useText();
  const count = useApp((state) => savedIds(state).length);
  const before = useRef(count);
  useEffect(() => {
    // Those that are taken out go by themselves.
    if (count > before.current) void again(pane);
    before.current = count;
  }, [count, pane]);
  return (
    <>
      <PaneHeader title={t('search.saved')} onClose={closePane} />
      <FoundList
        pane={pane}
        label={t('search.saved')}
        failed={t('search.saved.failed')}
        empty={
          <EmptyState title={t('search.saved.none')} icon={<Bookmark size={24} />}>
            {t('search.saved.noneWhy')}
          </EmptyState>
        }
      />
    </>
  );
}
