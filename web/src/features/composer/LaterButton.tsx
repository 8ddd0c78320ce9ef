import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { useTimes } from '@/features/messages/time';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { attempt } from '@/ui/attempt';
import { IconButton } from '@/ui/IconButton';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import { laterOffers } from './laterTimes';
import { scheduleMessage } from './scheduled';

export interface LaterButtonProps {
  channelId: string;
  rootId: string;
  message: string;
  /** There is something that can be sent. */
  ready: boolean;
  className?: string | undefined;
  /** The message is scheduled: the box is empty again. */
  onDone: () => void;
}

/** LaterButton has the message sent at a time: one of the usual ones, or one that is chosen in a dialog. */
export function LaterButton({ channelId, rootId, message, ready, className, onDone }: LaterButtonProps) {
  const t = useText();
  const times = useTimes();
  const [now, setNow] = useState(() => Date.now());
  const [open, setOpen] = useState(false);
  const change = (next: boolean) => {
    setNow(Date.now());
    setOpen(next && ready);
  };
  const schedule = async (at: number) => {
    await scheduleMessage(channelId, rootId, message, at);
    onDone();
    toast(t('composer.later.done', { when: times.soon(at) }));
  };
  return (
    <Menu
      label={t('composer.later')}
      placement="top-end"
      open={open}
      onOpenChange={change}
      trigger={
        <IconButton
          label={t('composer.later')}
          icon={<CalendarClock />}
          className={className}
          aria-disabled={!ready || undefined}
          onMouseDown={(event) => event.preventDefault()}
        />
      }
    >
      {laterOffers(now).map(({ span, at }) => (
        <MenuItem key={span} onSelect={() => void attempt(schedule(at))} hint={times.soon(at)}>
          {t(`composer.later.${span}`)}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => openDialog({ kind: 'schedule', channelId, rootId, message })}>
        {t('composer.later.chosen')}
      </MenuItem>
    </Menu>
  );
}
