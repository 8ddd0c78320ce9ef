import { CalendarClock } from 'lucide-react';
import { useState } from 'react';
import { useTimes } from '@/features/messages/time';
import { useText } from '@/i18n/text';
import { openDialog } from '@/store/commands';
import { getState } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { IconButton } from '@/ui/IconButton';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import { EveryoneDialog } from './EveryoneDialog';
import { laterOffers } from './laterTimes';
import { scheduleMessage } from './scheduled';
import { judge } from './submit';

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

/** Asked is what waits for an answer. */
type Asked = { count: number; here: boolean; go: () => void };

/** LaterButton has the message sent at a time: one of the usual ones, or one that is chosen in a dialog. */
export function LaterButton({ channelId, rootId, message, ready, className, onDone }: LaterButtonProps) {
  const t = useText();
  const times = useTimes();
  const [now, setNow] = useState(() => Date.now());
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const change = (next: boolean) => {
    setNow(Date.now());
    setOpen(next && ready);
  };
  const schedule = async (at: number) => {
    await scheduleMessage(channelId, rootId, message, at);
    onDone();
    toast(t('composer.later.done', { when: times.soon(at) }));
  };
  /** What would notify everybody is asked about first, as if it were sent now. */
  const ask = (go: () => void) => {
    const verdict = judge(getState(), channelId, message);
    if (verdict.kind === 'everyone') setAsked({ ...verdict, go });
    else go();
  };
  return (
    <>
      {asked && <EveryoneDialog {...asked} onConfirm={asked.go} onClose={() => setAsked(undefined)} />}
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
          <MenuItem key={span} onSelect={() => ask(() => void attempt(schedule(at)))} hint={times.soon(at)}>
            {t(`composer.later.${span}`)}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => ask(() => openDialog({ kind: 'schedule', channelId, rootId, message }))}>
          {t('composer.later.chosen')}
        </MenuItem>
      </Menu>
    </>
  );
}
