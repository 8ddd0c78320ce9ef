import { useState } from 'react';
import { type ListedChannel, searchAllChannels } from '@/api/admin';
import { archiveChannel, patchChannel, restoreChannel, setChannelPrivacy } from '@/api/channels';
import { Tag } from '@/features/people/Tag';
import { useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Switch } from '@/ui/Switch';
import { TextButton } from '@/ui/TextButton';
import { TextField } from '@/ui/TextField';
import { useFound } from '@/ui/useFound';
import { Bar, Moment, Pager, Table, Waiting } from './parts';
import styles from './people/People.module.css';

const perPage = 50;

/** ChannelsPage finds channels of all teams, and opens one to change it. */
export function ChannelsPage() {
  const t = useText();
  const [term, setTerm] = useState('');
  const [archived, setArchived] = useState(false);
  const [page, setPage] = useState(0);
  const [opened, setOpened] = useState<ListedChannel>();
  const wanted = term.trim();
  const found = useFound(
    () => searchAllChannels(wanted, archived, page, perPage),
    `${page} ${String(archived)} ${wanted}`,
  );
  const turnTo = (change: () => void) => {
    change();
    setPage(0);
  };
  return (
    <>
      <Bar>
        <TextField
          type="search"
          label={t('admin.channels.find')}
          value={term}
          onChange={(next) => turnTo(() => setTerm(next))}
        />
        <Checkbox
          label={t('admin.channels.archived')}
          checked={archived}
          onChange={(on) => turnTo(() => setArchived(on))}
        />
      </Bar>
      <Waiting of={found}>
        {({ channels, total_count: total }) => (
          <>
            <Channels list={channels} onOpen={setOpened} />
            <Pager page={page} more={(page + 1) * perPage < total} onTurn={setPage} />
          </>
        )}
      </Waiting>
      {opened && <ChannelDialog channel={opened} onClose={() => setOpened(undefined)} onChanged={found.reload} />}
    </>
  );
}

function Channels({ list, onOpen }: { list: ListedChannel[]; onOpen: (channel: ListedChannel) => void }) {
  const t = useText();
  const writes = useApp((state) => can(state, 'sysconsole_write_user_management_channels'));
  return (
    <Table
      label={t('admin.page.channels')}
      empty={t('admin.channels.none')}
      rows={list}
      keyOf={(channel) => channel.id}
      columns={[
        {
          id: 'name',
          title: t('admin.channels.channel'),
          cell: (channel) =>
            writes ? (
              <TextButton onClick={() => onOpen(channel)}>{channel.display_name}</TextButton>
            ) : (
              channel.display_name
            ),
        },
        { id: 'team', title: t('admin.teams.team'), cell: (channel) => channel.team_display_name },
        {
          id: 'kind',
          title: t('admin.channels.kind'),
          cell: (channel) => (
            <>
              {t(channel.type === 'O' ? 'admin.channels.public' : 'admin.channels.private')}{' '}
              {channel.delete_at > 0 && <Tag>{t('admin.archived')}</Tag>}
            </>
          ),
        },
        {
          id: 'messages',
          title: t('admin.overview.posts'),
          figures: true,
          cell: (channel) => channel.total_msg_count,
        },
        {
          id: 'last',
          title: t('admin.channels.last'),
          cell: (channel) => (channel.last_post_at > 0 ? <Moment at={channel.last_post_at} /> : t('admin.never')),
        },
      ]}
    />
  );
}

type DialogProps = { channel: ListedChannel; onClose: () => void; onChanged: () => Promise<void> };

function ChannelDialog({ channel, onClose, onChanged }: DialogProps) {
  const t = useText();
  const [name, setName] = useState(channel.display_name);
  const [open, setOpen] = useState(channel.type === 'O');
  const finish = async () => {
    await onChanged();
    onClose();
  };
  const save = async () => {
    if (name !== channel.display_name) await patchChannel(channel.id, { display_name: name });
    if (open !== (channel.type === 'O')) await setChannelPrivacy(channel.id, open ? 'O' : 'P');
    await finish();
  };
  const flip = async () => {
    const act: Promise<unknown> = channel.delete_at > 0 ? restoreChannel(channel.id) : archiveChannel(channel.id);
    if (await attempt(act)) await finish();
  };
  return (
    <Dialog open onClose={onClose} title={channel.display_name}>
      <Form onSubmit={save} className={styles.form}>
        <TextField label={t('admin.channels.name')} value={name} onChange={setName} required />
        <Switch label={t('admin.channels.openTo')} checked={open} onChange={setOpen} />
        <div className={styles.submit}>
          <Button onClick={() => void flip()}>{t(channel.delete_at > 0 ? 'admin.restore' : 'admin.archive')}</Button>
          <Button type="submit" kind="primary">
            {t('admin.save')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
