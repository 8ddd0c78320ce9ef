/** Completing words: its parts are loaded once the first screen stands, or when a word asks for them. */
import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import { createStore } from 'zustand/vanilla';
import { lateModule, startLate } from '@/ui/late';
import type { Offer, Suggester } from './suggester';

const suggesting = lateModule(() => import('./suggesting'));

/** SuggestionList shows what a word can become. */
export const SuggestionList = suggesting.part((module) => module.SuggestionList);

/** noOffers stands for what a suggester that isn't there yet offers. */
export const noOffers = createStore<Offer>(() => ({ sections: [], items: [], active: 0, asking: false }));

const nothing = (): void => undefined;

/** useSuggester is what completes words in one text field once it has been loaded; `ask` loads it at once. */
export function useSuggester(channelId: string, commands: boolean) {
  const { locale } = useIntl();
  const [parts, setParts] = useState(suggesting.loaded);
  const make = () => parts && new parts.Suggester({ channelId, locale, commands });
  const [suggester, setSuggester] = useState<Suggester | undefined>(make);
  useEffect(() => {
    const next = make();
    setSuggester(next);
    return () => next?.close();
  }, [parts, channelId, locale, commands]);
  useEffect(() => {
    if (parts) return;
    return startLate(suggesting, (loaded) => {
      setParts(loaded);
      return nothing;
    });
  }, [parts]);
  // What can't be loaded now is asked for again with the next letter.
  const ask = () => void suggesting.load().then(setParts, nothing);
  return { suggester, ask };
}
