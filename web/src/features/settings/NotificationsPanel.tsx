import type { UserProfile } from '@mattermost/types/users';
import { canPush } from '@/features/notify/push';
import { useText } from '@/i18n/text';
import { isCollapsed, isOn, myProfile } from '@/store/selectors';
import { useApp } from '@/store/store';
import { AutoReplySection } from './AutoReplySection';
import { saveNotify } from './actions';
import { ClosedSection } from './ClosedSection';
import { DeviceSection } from './DeviceSection';
import { keywordList, keywordsOf, listOf, wordsOf } from './keywords';
import { Panel, PrefSelect, SavedRadio, SavedSelect, SavedSwitch, Section } from './parts';
import { SoundSection } from './SoundSection';
import { WordsField } from './WordsField';

type Props = Partial<UserProfile['notify_props']>;

const levels = ['all', 'mention', 'none'] as const;
type Level = (typeof levels)[number];

const levelOf = (value: string | undefined, fallback: Level): Level =>
  levels.find((level) => level === value) ?? fallback;

/** NotificationsPanel is when one is told of messages, and how. */
export function NotificationsPanel() {
  const me = useApp(myProfile);
  const collapsed = useApp(isCollapsed);
  const mails = useApp((state) => isOn(state, 'SendEmailNotifications'));
  const pushes = useApp((state) => isOn(state, 'SendPushNotifications'));
  const replies = useApp((state) => isOn(state, 'ExperimentalEnableAutomaticReplies'));
  if (!me) return null;
  const props: Props = me.notify_props ?? {};
  return (
    <Panel>
      <DeviceSection />
      <DesktopSection props={props} collapsed={collapsed} />
      <SoundSection props={props} />
      <ClosedSection />
      <WordsSection me={me} props={props} />
      {!collapsed && <RepliesSection props={props} />}
      {mails && <MailSection props={props} collapsed={collapsed} />}
      {(pushes || canPush()) && <PhoneSection props={props} collapsed={collapsed} />}
      {replies && <AutoReplySection props={props} />}
    </Panel>
  );
}

/** The levels of threads; that of channels has sentences of its own. */
function ThreadLevel({ value, onSave }: { value: Level; onSave: (level: Level) => Promise<unknown> }) {
  const t = useText();
  return (
    <SavedSelect
      label={t('settings.notify.threads')}
      value={value}
      options={levels.map((level) => ({ value: level, label: t(`settings.notify.threads.${level}`) }))}
      onSave={onSave}
    />
  );
}

function DesktopSection({ props, collapsed }: { props: Props; collapsed: boolean }) {
  const t = useText();
  return (
    <Section title={t('settings.notify.desktop')} hint={t('settings.notify.desktop.hint')}>
      <SavedRadio
        hideLabel
        label={t('settings.notify.desktop')}
        value={levelOf(props.desktop, 'mention')}
        options={levels.map((level) => ({ value: level, label: t(`settings.notify.level.${level}`) }))}
        onSave={(desktop) => saveNotify({ desktop })}
      />
      {collapsed && (
        <ThreadLevel
          value={levelOf(props.desktop_threads, 'all')}
          onSave={(level) => saveNotify({ desktop_threads: level })}
        />
      )}
    </Section>
  );
}

function WordsSection({ me, props }: { me: UserProfile; props: Props }) {
  const t = useText();
  const keys = keywordsOf(props.mention_keys, me.username);
  const save = (next: Partial<typeof keys>) =>
    saveNotify({ mention_keys: keywordList({ ...keys, ...next }, me.username) });
  return (
    <Section title={t('settings.words')} hint={t('settings.words.hint', { username: me.username })}>
      {me.first_name && (
        <SavedSwitch
          label={t('settings.words.firstName', { name: me.first_name })}
          hint={t('settings.words.firstName.hint')}
          checked={props.first_name === 'true'}
          onSave={(on) => saveNotify({ first_name: on ? 'true' : 'false' })}
        />
      )}
      <SavedSwitch
        label={t('settings.words.username', { username: me.username })}
        hint={t('settings.words.username.hint')}
        checked={keys.username}
        onSave={(username) => save({ username })}
      />
      <SavedSwitch
        label={t('settings.words.channel')}
        hint={t('settings.words.channel.hint')}
        checked={props.channel !== 'false'}
        onSave={(on) => saveNotify({ channel: on ? 'true' : 'false' })}
      />
      <WordsField
        label={t('settings.words.keys')}
        hint={t('settings.words.keys.hint')}
        words={keys.words}
        onSave={(words) => save({ words })}
      />
      <WordsField
        label={t('settings.words.highlight')}
        hint={t('settings.words.highlight.hint')}
        words={wordsOf(props.highlight_keys)}
        onSave={(words) => saveNotify({ highlight_keys: listOf(words) })}
      />
    </Section>
  );
}

const repliesTo = ['any', 'root', 'never'] as const;

function RepliesSection({ props }: { props: Props }) {
  const t = useText();
  return (
    <Section title={t('settings.replies')} hint={t('settings.replies.hint')}>
      <SavedRadio
        hideLabel
        label={t('settings.replies')}
        value={repliesTo.find((one) => one === props.comments) ?? 'never'}
        options={repliesTo.map((one) => ({ value: one, label: t(`settings.replies.${one}`) }))}
        onSave={(comments) => saveNotify({ comments })}
      />
    </Section>
  );
}

const intervals = ['30', '900', '3600'] as const;

function MailSection({ props, collapsed }: { props: Props; collapsed: boolean }) {
  const t = useText();
  const batches = useApp((state) => isOn(state, 'EnableEmailBatching'));
  const on = props.email !== 'false';
  return (
    <Section title={t('settings.mail')} hint={t('settings.mail.hint')}>
      <SavedSwitch
        label={t('settings.mail.on')}
        checked={on}
        onSave={(next) => saveNotify({ email: next ? 'true' : 'false' })}
      />
      {on && batches && (
        <PrefSelect
          label={t('settings.mail.interval')}
          pref={{ category: 'notifications', name: 'email_interval', fallback: '900' }}
          options={intervals.map((value) => ({ value, label: t(`settings.mail.interval.${value}`) }))}
        />
      )}
      {on && collapsed && (
        <ThreadLevel
          value={levelOf(props.email_threads, 'all')}
          onSave={(level) => saveNotify({ email_threads: level })}
        />
      )}
    </Section>
  );
}

const pushStates = ['online', 'away', 'offline'] as const;

function PhoneSection({ props, collapsed }: { props: Props; collapsed: boolean }) {
  const t = useText();
  const level = levelOf(props.push, 'mention');
  return (
    <Section title={t('settings.phone')} hint={t('settings.phone.hint')}>
      <SavedRadio
        hideLabel
        label={t('settings.phone')}
        value={level}
        options={levels.map((one) => ({ value: one, label: t(`settings.notify.level.${one}`) }))}
        onSave={(push) => saveNotify({ push })}
      />
      {level !== 'none' && collapsed && (
        <ThreadLevel
          value={levelOf(props.push_threads, 'all')}
          onSave={(push_threads) => saveNotify({ push_threads })}
        />
      )}
      {level !== 'none' && (
        <SavedSelect
          label={t('settings.phone.when')}
          value={pushStates.find((one) => one === props.push_status) ?? 'online'}
          options={pushStates.map((value) => ({ value, label: t(`settings.phone.when.${value}`) }))}
          onSave={(push_status) => saveNotify({ push_status })}
        />
      )}
    </Section>
  );
}
