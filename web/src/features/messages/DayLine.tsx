import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { late } from '@/ui/late';
import { Popover } from '@/ui/Popover';
import styles from './MessageList.module.css';
import { useTimes, useToday } from './time';
import { useView } from './view';

const DatePicker = late(() => import('./DatePicker').then((module) => module.DatePicker), 'soon');

/** DayLine says which day begins. Pressed, it leads to another one. */
export function DayLine({ channelId, at }: { channelId: string; at: number }) {
  const t = useText();
  const times = useTimes();
  useToday(useView().timeZone);
  const [open, setOpen] = useState(false);
  const day = times.day(at);
  return (
    <div className={styles.dayLine}>
      <Popover
        trigger={
          <button type="button" className={styles.dayButton} aria-label={t('messages.day', { day })}>
            <span>{day}</span>
            <ChevronDown size={14} aria-hidden="true" />
          </button>
        }
        label={t('messages.jump')}
        open={open}
        onOpenChange={setOpen}
        placement="bottom"
      >
        <DatePicker channelId={channelId} at={at} onDone={() => setOpen(false)} />
      </Popover>
    </div>
  );
}
