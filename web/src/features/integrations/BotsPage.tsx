import { Bot as BotIcon, UserRoundCog } from 'lucide-react';
import { useState } from 'react';
import * as api from '@/api/bots';
import { Tag } from '@/features/people/Tag';
import { UserAvatar } from '@/features/people/UserAvatar';
import { useText } from '@/i18n/text';
import { can, displayName, isOn } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Moment } from '@/ui/listing';
import { BotDialog } from './BotDialog';
import { PersonToBotDialog } from './ConvertDialogs';
import styles from './Integrations.module.css';
import { ListPage } from './ListPage';
import { needPeople } from './names';
import { Person } from './Person';

async function load(): Promise<api.Bot[]> {
  const bots = await api.getBots();
  await needPeople(bots.flatMap((bot) => [bot.owner_id, bot.user_id]));
  return bots.sort((a, b) => Number(a.delete_at > 0) - Number(b.delete_at > 0) || a.username.localeCompare(b.username));
}

const wordsOf = (bot: api.Bot): string =>
  [bot.username, bot.display_name, bot.description, displayName(getState(), bot.owner_id)].join(' ');

/** BotsPage lists the accounts of programs. */
export function BotsPage({ teamId }: { teamId: string }) {
  const t = useText();
  const on = useApp((state) => isOn(state, 'EnableBotAccountCreation'));
  const makes = useApp((state) => can(state, 'create_bot'));
  const converts = useApp((state) => can(state, 'manage_system'));
  return (
    <>
      {!on && makes && (
        <div className={styles.above}>
          <Banner kind="warn">{t('integrations.bots.off')}</Banner>
        </div>
      )}
      <ListPage
        kind="bots"
        teamId={teamId}
        icon={BotIcon}
        load={load}
        idOf={(bot) => bot.user_id}
        nameOf={(bot) => bot.display_name || `@${bot.username}`}
        aboutOf={(bot) => bot.description ?? ''}
        wordsOf={wordsOf}
        makes={makes && on}
        Dialog={BotDialog}
        tools={converts ? (reload) => <Convert onDone={reload} /> : undefined}
        columns={[
          {
            id: 'username',
            title: t('integrations.bots.username'),
            cell: (bot) => (
              <span className={styles.person}>
                <UserAvatar userId={bot.user_id} size={20} /> @{bot.username}
              </span>
            ),
          },
          { id: 'who', title: t('integrations.bots.owner'), cell: (bot) => <Person id={bot.owner_id} /> },
          {
            id: 'state',
            title: t('integrations.state'),
            cell: (bot) =>
              bot.delete_at > 0 ? <Tag>{t('integrations.bots.disabled')}</Tag> : t('integrations.bots.enabled'),
          },
          { id: 'at', title: t('integrations.madeAt'), cell: (bot) => <Moment at={bot.create_at} /> },
        ]}
      />
    </>
  );
}

function Convert({ onDone }: { onDone: () => Promise<void> }) {
  const t = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<UserRoundCog size={16} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {t('integrations.bots.convert')}
      </Button>
      {open && <PersonToBotDialog onClose={() => setOpen(false)} onDone={onDone} />}
    </>
  );
}
