import { useState } from 'react';
import { type Recurrence, recurrences } from '@/api/drafts';
import { reschedule, scheduleMessage } from '@/features/composer/scheduled';
import { hasFiles } from '@/features/files/attached';
import { useTimes } from '@/features/messages/time';
import { momentOf, nextHalfHour, whenText } from '@/features/people/times';
import { WhenFields } from '@/features/people/WhenFields';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { draftKey } from '@/store/drafts';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Select } from '@/ui/Select';
import { TextArea } from '@/ui/TextArea';
import { toast } from '@/ui/toast';
import styles from './ScheduleDialog.module.css';

/** ScheduleDialog chooses when a message is sent, and how often; of one that is scheduled already, its words too. */
export function ScheduleDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'schedule' }> }) {
  const t = useText();
  const times = useTimes();
  const old = useApp((state) => state.scheduled.byId[dialog.scheduledId ?? '']);
  const [when, setWhen] = useState(() => {
    const now = Date.now();
    return whenText(old && old.scheduled_at > now ? old.scheduled_at : nextHalfHour(now));
  });
  const [message, setMessage] = useState(dialog.message);
  const [recurrence, setRecurrence] = useState<Recurrence>(old?.recurrence ?? '');
  const files = useApp((state) => hasFiles(state, draftKey(dialog.channelId, dialog.rootId)));
  const [error, setError] = useState<string>();
  const save = async () => {
    const at = momentOf(when);
    if (at === undefined || at <= Date.now()) return setError(t('people.when.past'));
    if (old) await reschedule(old, { message, at, recurrence });
    else await scheduleMessage(dialog.channelId, dialog.rootId, message, at, recurrence);
    closeDialog();
    toast(t('drafts.scheduled.done', { when: times.soon(at) }));
  };
  const options = recurrences.map((value) => ({ value, label: t(`drafts.repeat.${value || 'once'}`) }));
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={<Text id={old ? 'drafts.schedule.edit' : 'drafts.schedule.title'} />}
      size="s"
    >
      <Form onSubmit={save} className={styles.form}>
        {old && (
          <TextArea label={t('drafts.schedule.message')} value={message} onChange={setMessage} rows={4} required />
        )}
        <WhenFields
          value={when}
          onChange={(next) => {
            setWhen(next);
            setError(undefined);
          }}
          error={error}
        />
        {/* A file belongs to one message. */}
        {!files && <Select label={t('drafts.repeat')} value={recurrence} options={options} onChange={setRecurrence} />}
        <div className={styles.buttons}>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={message.trim() === '' && !files && !old?.file_ids?.length}>
            {t(old ? 'drafts.schedule.save' : 'drafts.schedule.set')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
