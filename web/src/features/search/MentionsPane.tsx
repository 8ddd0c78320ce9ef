import { AtSign } from 'lucide-react';
import { useMemo } from 'react';
import { useText } from '@/i18n/text';
import { closePane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { useApp } from '@/store/store';
import { EmptyState } from '@/ui/EmptyState';
import { PaneHeader } from '@/ui/PaneHeader';
import { FoundList } from './FoundList';
import { termsOf } from './query';
import { mentionTerms } from './results';

/** MentionsPane gathers the messages of others that call one by name or by a keyword, of all teams. */
export function MentionsPane({ pane }: { pane: Extract<Pane, { kind: 'mentions' }> }) {
  const t = useText();
  const query = useApp(mentionTerms);
  const words = useMemo(() => termsOf(query), [query]);
  return (
    <>
      <PaneHeader title={t('search.mentions')} onClose={closePane} />
      <FoundList
        pane={pane}
        label={t('search.mentions')}
        failed={t('search.mentions.failed')}
        terms={words}
        empty={
          <EmptyState title={t('search.mentions.none')} icon={<AtSign size={24} />}>
            {t('search.mentions.noneWhy')}
          </EmptyState>
        }
      />
    </>
  );
}
