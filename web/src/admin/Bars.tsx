import { useIntl } from 'react-intl';
import { useText } from '@/i18n/text';
import { DayBars, lastDays, useDate } from '@/ui/DayBars';

export type DayFigure = { name: string; value: number };

/** Bars is a bar for each day of the last month; who can't see them has a table. */
export function Bars({ label, days }: { label: string; days: readonly DayFigure[] }) {
  const t = useText();
  const intl = useIntl();
  const date = useDate();
  const known = new Map(days.map((one) => [one.name, one.value]));
  const all = lastDays(Date.now()).map((day) => ({ day, value: known.get(day) ?? 0 }));
  const most = Math.max(1, ...all.map((one) => one.value));
  return (
    <>
      <DayBars
        most={t('admin.most', { value: most })}
        bars={all.map((one) => ({ ...one, title: `${date(one.day)}: ${intl.formatNumber(one.value)}` }))}
      />
      <table className="visually-hidden">
        <caption>{label}</caption>
        <tbody>
          {all.map((one) => (
            <tr key={one.day}>
              <th scope="row">{date(one.day)}</th>
              <td>{one.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
