import { useState } from 'react';
import * as api from '@/api/deliveries';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { EditDialog, useEdited } from './EditDialog';
import { eventNames } from './events';
import { ChannelField, type Fields, useFields } from './fields';
import styles from './Integrations.module.css';
import type { FormDialogProps } from './ListPage';
import { addressProblem } from './problems';
import { Signing } from './Signing';

const begin = (item: api.Subscription | undefined) => ({
  name: item?.name ?? '',
  description: item?.description ?? '',
  url: item?.url ?? '',
  channel_id: item?.channel_id ?? '',
  events: item?.events ?? ['posted'],
  enabled: item?.enabled ?? true,
});
type Values = ReturnType<typeof begin>;

/** SubscriptionDialog makes or changes one; its secret is shown once. */
export function SubscriptionDialog({ teamId, item, onClose, onChanged }: FormDialogProps<api.Subscription>) {
  const t = useText();
  const edited = useEdited(item, onChanged, onClose);
  const form = useFields(begin(item));
  const save = async () => {
    const { values } = form;
    const refused = form.refuse({
      name: values.name.trim() === '' ? t('integrations.subscriptions.nameless') : undefined,
      url: addressProblem(t, values.url),
      events: values.events.length === 0 ? t('integrations.subscriptions.events.missing') : undefined,
    });
    if (refused) return;
    await edited.keep(await api.saveSubscription({ ...item, ...values, url: values.url.trim(), team_id: teamId }));
  };
  const one = edited.item;
  return (
    <EditDialog
      title={one ? one.name : t('integrations.subscriptions.add')}
      fresh={edited.fresh}
      isNew={!one}
      freshWords={t('integrations.subscriptions.fresh')}
      facts={one && <Facts one={one} onReplace={edited.replace} />}
      after={one && <Replay id={one.id} />}
      onSave={save}
      onClose={onClose}
    >
      <SubscriptionFields form={form} teamId={teamId} />
    </EditDialog>
  );
}

function Facts({ one, onReplace }: { one: api.Subscription; onReplace: (next: api.Subscription) => Promise<void> }) {
  const renew = async () => {
    const next = await api.renewSubscription(one.id);
    await onReplace(next);
    return next.secret;
  };
  return <Signing known secret={one.secret} onRenew={renew} />;
}

function SubscriptionFields({ form, teamId }: { form: Fields<Values>; teamId: string }) {
  const t = useText();
  const { values, errors, set } = form;
  const flip = (event: string, on: boolean) =>
    set('events', on ? [...values.events, event] : values.events.filter((one) => one !== event));
  return (
    <>
      <TextField
        label={t('integrations.name')}
        required
        maxLength={64}
        value={values.name}
        onChange={(value) => set('name', value)}
        error={errors.name}
      />
      <TextField
        label={t('integrations.field.about')}
        maxLength={500}
        value={values.description}
        onChange={(value) => set('description', value)}
      />
      <TextField
        type="url"
        label={t('integrations.subscriptions.url')}
        hint={t('integrations.subscriptions.url.hint')}
        required
        value={values.url}
        onChange={(value) => set('url', value)}
        error={errors.url}
      />
      <ChannelField
        teamId={teamId}
        none={t('integrations.subscriptions.allChannels')}
        value={values.channel_id}
        onChange={(id) => set('channel_id', id)}
      />
      <fieldset className={styles.events}>
        <legend>{t('integrations.subscriptions.events')}</legend>
        {eventNames.map((event) => (
          <Checkbox
            key={event}
            label={t(`integrations.event.${event}`)}
            checked={values.events.includes(event)}
            onChange={(on) => flip(event, on)}
          />
        ))}
        {errors.events && (
          <p role="alert" className={styles.wrong}>
            {errors.events}
          </p>
        )}
      </fieldset>
      <Checkbox
        label={t('integrations.subscriptions.enabled')}
        hint={t('integrations.subscriptions.enabled.hint')}
        checked={values.enabled}
        onChange={(on) => set('enabled', on)}
      />
    </>
  );
}

const spans = ['hour', 'day', 'week'] as const;
const spanOf = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 };

/** Replay sends what happened since a moment once more. */
function Replay({ id }: { id: string }) {
  const t = useText();
  const [span, setSpan] = useState<(typeof spans)[number]>('hour');
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    await attempt(
      api
        .replaySubscription(id, Date.now() - spanOf[span])
        .then(({ count }) => toast(t('integrations.replay.done', { count }))),
    );
    setBusy(false);
  };
  return (
    <section className={styles.section}>
      <h2 className={styles.sectionTitle}>{t('integrations.replay')}</h2>
      <p className={styles.hint}>{t('integrations.replay.words')}</p>
      <div className={styles.actions}>
        <Select
          hideLabel
          label={t('integrations.replay.since')}
          value={span}
          onChange={setSpan}
          options={spans.map((value) => ({ value, label: t(`integrations.replay.${value}`) }))}
        />
        <Button busy={busy} onClick={() => void go()}>
          {t('integrations.replay.do')}
        </Button>
      </div>
    </section>
  );
}
