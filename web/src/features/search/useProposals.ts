/** What the search box proposes now. */
import { useMemo, useState } from 'react';
import { getState, useApp } from '@/store/store';
import { type Completion, completionsAt } from './complete';
import { forgetSearch, recentSearches } from './recent';

/** useProposals lists the proposals at the caret while the box is open. */
export function useProposals(text: string, caret: number, open: boolean) {
  const [forgotten, setForgotten] = useState(0);
  const profiles = useApp((state) => state.users.profiles);
  const channels = useApp((state) => state.channels.channels);
  const proposals = useMemo(
    (): Completion[] => (open ? completionsAt(getState(), text, caret, recentSearches(), new Date()) : []),
    [text, caret, open, profiles, channels, forgotten],
  );
  const forget = (terms: string) => {
    forgetSearch(terms);
    setForgotten(forgotten + 1);
  };
  return { proposals, forget };
}
