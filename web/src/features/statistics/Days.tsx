import { useText } from '@/i18n/text';
import { DayBars, useDate } from '@/ui/DayBars';
import { type Day, everyDay } from './days';
import styles from './Statistics.module.css';

/** Days is a bar for each day of the last month; who can't see them has a table. */
export function Days({ days }: { days: readonly Day[] }) {
  const t = useText();
  const all = everyDay(days, Date.now());
  const most = Math.max(1, ...all.map((one) => one.messages));
  const date = useDate();
  return (
    <section>
      <h2 className={styles.heading}>{t('statistics.days')}</h2>
      <DayBars
        most={t('statistics.most', { messages: most })}
        bars={all.map((one) => ({
          day: one.day,
          value: one.messages,
          title: t('statistics.day', { day: date(one.day), messages: one.messages, authors: one.authors }),
        }))}
      />
      <table className="visually-hidden">
        <caption>{t('statistics.days')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('statistics.dayColumn')}</th>
            <th scope="col">{t('statistics.messages')}</th>
            <th scope="col">{t('statistics.writers')}</th>
          </tr>
        </thead>
        <tbody>
          {days.map((one) => (
            <tr key={one.day}>
              <th scope="row">{date(one.day)}</th>
              <td>{one.messages}</td>
              <td>{one.authors}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
