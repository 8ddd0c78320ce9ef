import { useState } from 'react';
import { momentOf, nextHalfHour, whenText } from '@/features/people/times';
import { WhenFields } from '@/features/people/WhenFields';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { RadioGroup } from '@/ui/RadioGroup';
import { toast } from '@/ui/toast';
import { remind } from '../actions';
import { useTimes } from '../time';
import styles from './Dialogs.module.css';
import { Quoted } from './Quoted';
import { type ReminderSpan, reminderAt, reminderSpans } from './reminders';

/** ReminderDialog has the server remind one of a message. */
export function ReminderDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'reminder' }> }) {
  const t = useText();
  const times = useTimes();
  const [opened] = useState(() => Date.now());
  const [span, setSpan] = useState<ReminderSpan>('one_hour');
  const [when, setWhen] = useState(() => whenText(nextHalfHour(opened)));
  const [error, setError] = useState<string>();
  const send = async () => {
    const at = span === 'chosen' ? momentOf(when) : reminderAt(span, Date.now());
    if (at === undefined || at <= Date.now()) return setError(t('people.when.past'));
    await remind(dialog.postId, at);
    closeDialog();
    toast(t('messages.reminder.done', { when: times.full(at) }));
  };
  const options = reminderSpans.map((value) => ({
    value,
    label: t(`messages.reminder.${value}`),
    ...(value !== 'chosen' && { hint: times.soon(reminderAt(value, opened)) }),
  }));
  return (
    <Dialog open onClose={closeDialog} title={<Text id="messages.reminder.title" />} size="s">
      <Form onSubmit={send} className={styles.form}>
        <Quoted channelId={dialog.channelId} postId={dialog.postId} />
        <RadioGroup
          label={t('messages.reminder.when')}
          value={span}
          options={options}
          onChange={(next) => {
            setSpan(next);
            setError(undefined);
          }}
        />
        {span === 'chosen' && (
          <WhenFields
            value={when}
            onChange={(next) => {
              setWhen(next);
              setError(undefined);
            }}
            error={error}
          />
        )}
        <div className={styles.buttons}>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary">
            {t('messages.reminder.set')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
