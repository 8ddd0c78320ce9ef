import { useIntl } from 'react-intl';
import { useText } from '@/i18n/text';
import { type Day, everyDay } from './days';
import styles from './Statistics.module.css';

/** Days is a bar for each day of the last month; who can't see them has a table. */
export function Days({ days }: { days: readonly Day[] }) {
  const t = useText();
  const intl = useIntl();
  const all = everyDay(days, Date.now());
  const most = Math.max(1, ...all.map((one) => one.messages));
  const date = (day: string) =>
    intl.formatDate(`${day}T12:00:00Z`, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <section>
      <h2 className={styles.heading}>{t('statistics.days')}</h2>
      <div className={styles.bars} aria-hidden="true">
        {all.map((one) => (
          <span
            key={one.day}
            className={styles.bar}
            title={t('statistics.day', { day: date(one.day), messages: one.messages, authors: one.authors })}
          >
            <span style={{ blockSize: `${(one.messages / most) * 100}%` }} />
          </span>
        ))}
      </div>
      <p className={styles.axis} aria-hidden="true" data-figures>
        <span>{date(all[0]?.day ?? '')}</span>
        <span>{t('statistics.most', { messages: most })}</span>
        <span>{date(all.at(-1)?.day ?? '')}</span>
      </p>
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
