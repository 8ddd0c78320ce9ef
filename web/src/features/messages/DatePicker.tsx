import { useState } from 'react';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { attempt } from './actions';
import styles from './DatePicker.module.css';
import { jumpToTime } from './jump';
import { dayOf, startOfDay } from './time';
import { useView } from './view';

export interface DatePickerProps {
  channelId: string;
  /** The day that it begins with. */
  at: number;
  onDone: () => void;
}

/** DatePicker goes to the first message of a day, or to one of a few that people often look for. */
export function DatePicker({ channelId, at, onDone }: DatePickerProps) {
  const t = useText();
  const { timeZone } = useView();
  const today = dayOf(Date.now(), timeZone);
  const [date, setDate] = useState(() => dayOf(at, timeZone).date);
  const go = async (time: number) => {
    await jumpToTime(channelId, time);
    onDone();
  };
  const back = (days: number) => dayOf(today.start - days * 86_400_000 + 43_200_000, timeZone).start;
  const places = [
    { id: 'messages.jump.today', time: today.start },
    { id: 'messages.jump.week', time: back(7) },
    { id: 'messages.jump.month', time: back(30) },
    { id: 'messages.jump.start', time: 0 },
  ] as const;
  return (
    <Form className={styles.picker} onSubmit={() => (date ? go(startOfDay(date, timeZone)) : undefined)}>
      <TextField
        type="date"
        label={t('messages.jump.date')}
        value={date}
        max={today.date}
        onChange={setDate}
        focusFirst
      />
      <Button type="submit" kind="primary" wide>
        {t('messages.jump.go')}
      </Button>
      <div className={styles.places}>
        {places.map(({ id, time }) => (
          <Place key={id} onGo={() => go(time)}>
            {t(id)}
          </Place>
        ))}
      </div>
    </Form>
  );
}

function Place({ onGo, children }: { onGo: () => Promise<void>; children: string }) {
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    if (!(await attempt(onGo()))) setBusy(false);
  };
  return (
    <Button kind="plain" wide busy={busy} onClick={() => void go()}>
      {children}
    </Button>
  );
}
