import { useId, useState } from 'react';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { isCollapsed, isOn, myProfile } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Select } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import styles from './NotificationsDialog.module.css';
import { useChannelName } from './names';
import { type NotifyProps, setNotify } from './notify';

/** Props are a channel's as they stand in the fields: every key has a value. */
type Props = Record<
  | 'mark_unread'
  | 'desktop'
  | 'desktop_threads'
  | 'desktop_sound'
  | 'desktop_notification_sound'
  | 'push'
  | 'push_threads'
  | 'email'
  | 'ignore_channel_mentions'
  | 'channel_auto_follow_threads',
  string
>;

const normal: Props = {
  mark_unread: 'all',
  desktop: 'default',
  desktop_threads: 'default',
  desktop_sound: 'default',
  desktop_notification_sound: 'default',
  push: 'default',
  push_threads: 'default',
  email: 'default',
  ignore_channel_mentions: 'default',
  channel_auto_follow_threads: 'off',
};

const levels = ['default', 'all', 'mention', 'none'] as const;
const sounds = ['default', 'Bing', 'Crackle', 'Down', 'Hello', 'Ripple', 'Upstairs'] as const;

/** NotificationsDialog sets how one hears of a channel. What isn't set goes by one's own settings. */
export function NotificationsDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'channel-notifications' }> }) {
  const t = useText();
  const form = useId();
  const { channelId } = dialog;
  const name = useChannelName(channelId);
  const known = useApp((state) => state.channels.mine[channelId]?.notify_props);
  const [props, setProps] = useState<Props>({ ...normal, ...(known as Partial<Props>) });
  const set = (key: keyof Props) => (value: string) => setProps((now) => ({ ...now, [key]: value }));
  const muted = props.mark_unread === 'mention';
  const save = async () => {
    const before: Props = { ...normal, ...(known as Partial<Props>) };
    const keys = Object.keys(props) as (keyof Props)[];
    const changed = Object.fromEntries(
      keys.filter((key) => props[key] !== before[key]).map((key) => [key, props[key]]),
    );
    if (Object.keys(changed).length > 0) await setNotify(channelId, changed as NotifyProps);
    closeDialog();
  };
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={t('channels.notify.of', { name })}
      footer={
        <>
          <Button className={styles.reset} kind="plain" onClick={() => setProps(normal)}>
            {t('channels.notify.reset')}
          </Button>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form={form}>
            {t('channels.save')}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={save}>
        <Switch
          label={t('channels.notify.mute')}
          hint={t('channels.notify.muteHint')}
          checked={muted}
          onChange={(on) => set('mark_unread')(on ? 'mention' : 'all')}
        />
        <Part title={t('channels.notify.desktop')} off={muted}>
          <Desktop props={props} set={set} off={muted} />
        </Part>
        <Part title={t('channels.notify.elsewhere')} off={muted}>
          <Elsewhere props={props} set={set} off={muted} />
        </Part>
        <Part title={t('channels.notify.more')}>
          <More props={props} set={set} />
        </Part>
      </Form>
    </Dialog>
  );
}

function Part({ title, off, children }: { title: string; off?: boolean; children: React.ReactNode }) {
  return (
    <section className={styles.part} data-off={off || undefined}>
      <h2 className={styles.title}>{title}</h2>
      {children}
    </section>
  );
}

interface PartProps {
  props: Props;
  set: (key: keyof Props) => (value: string) => void;
  off?: boolean;
}

/** useLevels are the choices of what notifies; the first says what one's own settings are. */
function useLevels(own: string | undefined): { value: string; label: string }[] {
  const t = useText();
  const mine = levels.find((level) => level === own) ?? 'mention';
  return levels.map((value) => ({
    value,
    label:
      value === 'default'
        ? t('channels.notify.default', { what: t(`channels.notify.level.${mine === 'default' ? 'mention' : mine}`) })
        : t(`channels.notify.level.${value}`),
  }));
}

function Desktop({ props, set, off }: PartProps) {
  const t = useText();
  const own = useApp((state) => myProfile(state)?.notify_props) as Partial<Record<string, string>> | undefined;
  const threads = useApp(isCollapsed);
  return (
    <>
      <Select
        label={t('channels.notify.messages')}
        value={props.desktop}
        options={useLevels(own?.desktop)}
        disabled={off}
        onChange={set('desktop')}
      />
      {threads && (
        <Select
          label={t('channels.notify.threads')}
          value={props.desktop_threads}
          options={useLevels(own?.desktop_threads ?? 'all')}
          disabled={off}
          onChange={set('desktop_threads')}
        />
      )}
      <div className={styles.pair}>
        <Select
          label={t('channels.notify.sound')}
          value={props.desktop_sound}
          options={(['default', 'on', 'off'] as const).map((value) => ({
            value,
            label: t(`channels.notify.sound.${value}`),
          }))}
          disabled={off}
          onChange={set('desktop_sound')}
        />
        <Select
          label={t('channels.notify.tone')}
          value={props.desktop_notification_sound}
          options={sounds.map((value) => ({
            value,
            label: value === 'default' ? t('channels.notify.sound.default') : value,
          }))}
          disabled={off || props.desktop_sound === 'off'}
          onChange={set('desktop_notification_sound')}
        />
      </div>
    </>
  );
}

function Elsewhere({ props, set, off }: PartProps) {
  const t = useText();
  const own = useApp((state) => myProfile(state)?.notify_props) as Partial<Record<string, string>> | undefined;
  const threads = useApp(isCollapsed);
  const push = useApp((state) => isOn(state, 'SendPushNotifications'));
  const email = useApp((state) => isOn(state, 'SendEmailNotifications'));
  const pushLevels = useLevels(own?.push);
  const threadLevels = useLevels(own?.push_threads ?? 'all');
  if (!push && !email) return <p className={styles.note}>{t('channels.notify.noneElsewhere')}</p>;
  return (
    <>
      {push && (
        <Select
          label={t('channels.notify.push')}
          value={props.push}
          options={pushLevels}
          disabled={off}
          onChange={set('push')}
        />
      )}
      {push && threads && (
        <Select
          label={t('channels.notify.pushThreads')}
          value={props.push_threads}
          options={threadLevels}
          disabled={off}
          onChange={set('push_threads')}
        />
      )}
      {email && (
        <Select
          label={t('channels.notify.email')}
          value={props.email}
          options={(['default', 'true', 'false'] as const).map((value) => ({
            value,
            label: t(`channels.notify.email.${value}`),
          }))}
          disabled={off}
          onChange={set('email')}
        />
      )}
    </>
  );
}

function More({ props, set }: PartProps) {
  const t = useText();
  const threads = useApp(isCollapsed);
  return (
    <>
      <Select
        label={t('channels.notify.everyone')}
        hint={t('channels.notify.everyoneHint')}
        value={props.ignore_channel_mentions}
        options={(['default', 'off', 'on'] as const).map((value) => ({
          value,
          label: t(`channels.notify.everyone.${value}`),
        }))}
        onChange={set('ignore_channel_mentions')}
      />
      {threads && (
        <Switch
          label={t('channels.notify.follow')}
          hint={t('channels.notify.followHint')}
          checked={props.channel_auto_follow_threads === 'on'}
          onChange={(on) => set('channel_auto_follow_threads')(on ? 'on' : 'off')}
        />
      )}
    </>
  );
}
