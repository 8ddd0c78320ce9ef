import { useIntl } from 'react-intl';
import styles from './DayBars.module.css';

/** So many days are shown, today included. */
export const shownDays = 31;

const length = 86_400_000;

/** lastDays names the last days up to a moment, the oldest first, as 2026-03-09 in UTC. */
export const lastDays = (now: number): string[] =>
  Array.from({ length: shownDays }, (_, at) =>
    new Date(now - (shownDays - 1 - at) * length).toISOString().slice(0, 10),
  );

/** useDate returns how a day such as 2026-03-09 is written. */
export function useDate(): (day: string) => string {
  const intl = useIntl();
  return (day) => intl.formatDate(`${day}T12:00:00Z`, { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

export type DayBar = { day: string; value: number; title: string };

/** DayBars is a bar for each day, to look at only: whoever shows it has a table for those who can't see it. */
export function DayBars({ bars, most }: { bars: readonly DayBar[]; most: string }) {
  const date = useDate();
  const highest = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <div aria-hidden="true">
      <div className={styles.bars}>
        {bars.map((bar) => (
          <span key={bar.day} title={bar.title}>
            <span style={{ blockSize: `${(bar.value / highest) * 100}%` }} />
          </span>
        ))}
      </div>
      <p className={styles.axis} data-figures>
        <span>{date(bars[0]?.day ?? '')}</span>
        <span>{most}</span>
        <span>{date(bars.at(-1)?.day ?? '')}</span>
      </p>
    </div>
  );
}
