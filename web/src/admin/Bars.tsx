import { useIntl } from 'react-intl';
import { useText } from '@/i18n/text';
import styles from './Bars.module.css';

/** So many days are shown, today included. */
const shownDays = 31;
const dayLength = 86_400_000;

export type DayFigure = { name: string; value: number };

/** lastDays lists the last days up to a moment, the oldest first, those without a figure with 0. */
export function lastDays(known: readonly DayFigure[], now: number): DayFigure[] {
  const by = new Map(known.map((one) => [one.name, one.value]));
  return Array.from({ length: shownDays }, (_, at) => {
    const name = new Date(now - (shownDays - 1 - at) * dayLength).toISOString().slice(0, 10);
    return { name, value: by.get(name) ?? 0 };
  });
}

/** Bars is a bar for each day of the last month; who can't see them has a table. */
export function Bars({ label, days }: { label: string; days: readonly DayFigure[] }) {
  const t = useText();
  const intl = useIntl();
  const all = lastDays(days, Date.now());
  const most = Math.max(1, ...all.map((one) => one.value));
  const date = (day = '') => intl.formatDate(`${day}T12:00:00Z`, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <>
      <div className={styles.bars} aria-hidden="true">
        {all.map((one) => (
          <span key={one.name} title={`${date(one.name)}: ${intl.formatNumber(one.value)}`}>
            <span style={{ blockSize: `${(one.value / most) * 100}%` }} />
          </span>
        ))}
      </div>
      <p className={styles.axis} aria-hidden="true" data-figures>
        <span>{date(all[0]?.name)}</span>
        <span>{t('admin.most', { value: most })}</span>
        <span>{date(all.at(-1)?.name)}</span>
      </p>
      <table className="visually-hidden">
        <caption>{label}</caption>
        <tbody>
          {all.map((one) => (
            <tr key={one.name}>
              <th scope="row">{date(one.name)}</th>
              <td>{one.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
