import { useStore } from 'zustand';
import styles from './MessageList.module.css';
import type { Scroller } from './Scroller';
import { useTimes } from './time';

/** DayChip says which day one is at, while one scrolls. */
export function DayChip({ scroller }: { scroller: Scroller }) {
  const times = useTimes();
  const day = useStore(scroller.state, (state) => state.day);
  return (
    <div className={styles.dayChip} data-shown={day !== undefined || undefined} aria-hidden="true">
      {day !== undefined && <span>{times.day(day)}</span>}
    </div>
  );
}
