import { useId, useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import { isConversation } from '@/store/categoryMoves';
import type { Channel } from '@/store/channels';
import { closeDialog, openDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Tabs } from '@/ui/Tabs';
import { TextArea } from '@/ui/TextArea';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { type ChannelPatch, change, restore, setPrivacy } from './actions';
import { addressMost, addressProblem, headerMost, nameMost, purposeMost, typedAddress } from './address';
import { BannerForm } from './BannerForm';
import { Counter } from './Counter';
import { EmailAddressForm } from './EmailAddressForm';
import { useEmailAddress } from './emailAddress';
import { ModerationForm } from './ModerationForm';
import { useHeaderContext } from './markdown';
import { isTaken } from './NewChannelDialog';
import { useChannelName } from './names';
import { townSquare, useRights } from './rights';
import styles from './SettingsDialog.module.css';
import { WebPublicForm } from './WebPublicForm';

/** SettingsDialog changes a channel: name, address, purpose and header, who may see it, and its end. */
export function SettingsDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'channel-settings' }> }) {
  const t = useText();
  const channel = useApp((state) => state.channels.channels[dialog.channelId]);
  const name = useChannelName(dialog.channelId);
  const rights = useRights(dialog.channelId);
  const showsWeb = useApp((state) => {
    const known = state.webPublic[dialog.channelId];
    return known?.may_switch === true && (known.available || known.enabled);
  });
  const [email, setEmail] = useEmailAddress(dialog.channelId, rights.roles && channel?.delete_at === 0);
  if (!channel) return null;
  if (isConversation(channel)) return <HeaderDialog channel={channel} name={name} />;
  const about = { id: 'about', label: t('channels.settings.about'), content: <About channel={channel} /> };
  const privacy = { id: 'privacy', label: t('channels.settings.privacy'), content: <Privacy channel={channel} /> };
  const banner = { id: 'banner', label: t('channels.settings.banner'), content: <BannerForm channel={channel} /> };
  const moderation = {
    id: 'moderation',
    label: t('channels.settings.moderation'),
    content: <ModerationForm channelId={channel.id} />,
  };
  const web = { id: 'web', label: t('channels.settings.web'), content: <WebPublicForm channelId={channel.id} /> };
  const mail = {
    id: 'email',
    label: t('channels.settings.email'),
    content: email && <EmailAddressForm channelId={channel.id} state={email} onChange={setEmail} />,
  };
  const end = { id: 'end', label: t('channels.settings.end'), content: <End channel={channel} /> };
  const tabs = [
    ...(rights.edit ? [about] : []),
    ...(rights.banner ? [banner] : []),
    ...(rights.roles && channel.delete_at === 0 ? [moderation] : []),
    ...(rights.makePrivate || rights.makePublic ? [privacy] : []),
    ...(showsWeb ? [web] : []),
    ...(email?.may_change && email.available ? [mail] : []),
    ...(rights.archive || rights.restore ? [end] : []),
  ];
  return <Tabbed title={t('channels.settings.title', { name })} first={dialog.tab} tabs={tabs} />;
}

interface TabbedProps {
  title: string;
  first: string | undefined;
  tabs: React.ComponentProps<typeof Tabs>['tabs'];
}

function Tabbed({ title, first, tabs }: TabbedProps) {
  const t = useText();
  const [selected, select] = useState(tabs.some((tab) => tab.id === first) ? first : tabs[0]?.id);
  return (
    <Dialog open onClose={closeDialog} title={title}>
      {tabs.length > 1 ? (
        <Tabs label={t('channels.settings.parts')} tabs={tabs} selected={selected} onSelect={select} />
      ) : (
        tabs[0]?.content
      )}
    </Dialog>
  );
}

/** Only what differs is sent. */
function patchOf(channel: Channel, wish: Required<Omit<ChannelPatch, 'banner_info'>>): ChannelPatch {
  const patch: ChannelPatch = {};
  for (const key of ['display_name', 'name', 'purpose', 'header'] as const) {
    if (wish[key] !== channel[key]) patch[key] = wish[key];
  }
  return patch;
}

function About({ channel }: { channel: Channel }) {
  const t = useText();
  const team = useApp((state) => state.teams.teams[channel.team_id]?.name ?? '');
  const [name, setName] = useState(channel.display_name);
  const [address, setAddress] = useState(channel.name);
  const [purpose, setPurpose] = useState(channel.purpose);
  const [header, setHeader] = useState(channel.header);
  const [tried, setTried] = useState(false);
  const [gone, setGone] = useState('');
  const problem = addressProblem(address);
  const addressError = gone === address ? t('channels.address.taken') : problem && t(problem);
  const save = async () => {
    setTried(true);
    if (!name.trim() || problem) return;
    const patch = patchOf(channel, {
      display_name: name.trim(),
      name: address,
      purpose: purpose.trim(),
      header: header.trim(),
    });
    if (Object.keys(patch).length > 0) await change(channel.id, patch);
    toast(t('channels.saved'));
    closeDialog();
  };
  return (
    <Form
      className={styles.form}
      onSubmit={save}
      onError={(error) => {
        if (isTaken(error)) setGone(address);
        return isTaken(error);
      }}
    >
      <TextField
        label={t('channels.name')}
        value={name}
        maxLength={nameMost}
        error={tried && !name.trim() ? t('channels.name.empty') : undefined}
        onChange={setName}
      />
      <TextField
        label={t('channels.address')}
        value={address}
        maxLength={addressMost}
        prefix={`/${team}/channels/`}
        disabled={channel.name === townSquare}
        error={addressError}
        hint={channel.name === townSquare ? t('channels.address.fixed') : undefined}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(next) => setAddress(typedAddress(next))}
      />
      <TextArea
        label={t('channels.purpose')}
        value={purpose}
        rows={2}
        maxLength={purposeMost}
        hint={<Counter text={purpose} most={purposeMost} words={t('channels.purpose.hint')} />}
        onChange={setPurpose}
      />
      <HeaderField value={header} onChange={setHeader} />
      <Buttons />
    </Form>
  );
}

function Buttons() {
  const t = useText();
  return (
    <div className={styles.buttons}>
      <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
      <Button kind="primary" type="submit">
        {t('channels.save')}
      </Button>
    </div>
  );
}

/** HeaderField is the header with markdown, and below it how it will look. */
function HeaderField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useText();
  const context = useHeaderContext();
  return (
    <div>
      <TextArea
        label={t('channels.header')}
        value={value}
        rows={2}
        maxLength={headerMost}
        hint={<Counter text={value} most={headerMost} words={t('channels.header.hint')} />}
        onChange={onChange}
      />
      {value.trim() && (
        <div className={styles.preview}>
          <p className={styles.previewLabel}>{t('channels.header.preview')}</p>
          <Markdown text={value} context={context} compact />
        </div>
      )}
    </div>
  );
}

/** Of a conversation the header can be set, by everybody in it. */
function HeaderDialog({ channel, name }: { channel: Channel; name: string }) {
  const t = useText();
  const form = useId();
  const [header, setHeader] = useState(channel.header);
  const save = async () => {
    if (header.trim() !== channel.header) await change(channel.id, { header: header.trim() });
    closeDialog();
  };
  return (
    <Dialog open onClose={closeDialog} title={t('channels.header.title', { name })}>
      <Form id={form} className={styles.form} onSubmit={save}>
        <HeaderField value={header} onChange={setHeader} />
        <Buttons />
      </Form>
    </Dialog>
  );
}

function Privacy({ channel }: { channel: Channel }) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  const way = channel.type === 'O' ? 'private' : 'open';
  const values = { name: channel.display_name };
  return (
    <div className={styles.part}>
      <p>{t(`channels.convert.${way}.words`, values)}</p>
      <Button onClick={() => setAsking(true)}>{t(`channels.convert.${way}`)}</Button>
      {asking && (
        <ConfirmDialog
          title={t(`channels.convert.${way}.title`, values)}
          confirm={t(`channels.convert.${way}`)}
          onConfirm={async () => {
            await setPrivacy(channel.id, way === 'private' ? 'P' : 'O');
            closeDialog();
          }}
          onClose={() => setAsking(false)}
        >
          {t(`channels.convert.${way}.sure`, values)}
        </ConfirmDialog>
      )}
    </div>
  );
}

function End({ channel }: { channel: Channel }) {
  const t = useText();
  const archived = channel.delete_at > 0;
  const back = async () => {
    if (await attempt(restore(channel.id))) closeDialog();
  };
  return (
    <div className={styles.part}>
      <p>
        <Text id={archived ? 'channels.restore.words' : 'channels.archive.about'} />
      </p>
      {archived ? (
        <Button onClick={() => void back()}>{t('channels.restore')}</Button>
      ) : (
        <Button kind="danger" onClick={() => openDialog({ kind: 'archive-channel', channelId: channel.id })}>
          {t('channels.archive')}
        </Button>
      )}
    </div>
  );
}
