import { type ReactNode, useMemo } from 'react';
import { useIntl } from 'react-intl';
import { useApp } from '@/store/store';
import { ReadingContext } from './reading';
import { baseContext } from './surroundings';
import { timesOf } from './time';
import { viewOf } from './view';

/** ReadingProvider stands around everything that shows messages. */
export function ReadingProvider({ children }: { children: ReactNode }) {
  const { locale } = useIntl();
  const view = useApp(viewOf);
  const base = useApp(baseContext);
  const times = timesOf(locale, view.timeZone, view.clock);
  const reading = useMemo(() => ({ view, times, base }), [view, times, base]);
  return <ReadingContext value={reading}>{children}</ReadingContext>;
}
