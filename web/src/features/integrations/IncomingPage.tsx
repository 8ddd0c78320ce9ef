import { ArrowDownToLine } from 'lucide-react';
import * as api from '@/api/integrations';
import { useText } from '@/i18n/text';
import { displayName } from '@/store/selectors';
import { getState } from '@/store/store';
import { Moment } from '@/ui/listing';
import { IncomingDialog, incomingAddress } from './IncomingDialog';
import styles from './Integrations.module.css';
import { ListPage } from './ListPage';
import { needPeople } from './names';
import { ChannelName, Person } from './Person';
import { CopyButton } from './Secret';

async function load(teamId: string): Promise<api.IncomingHook[]> {
  const hooks = await api.getIncoming(teamId);
  await needPeople(hooks.map((hook) => hook.user_id));
  return hooks;
}

function wordsOf(hook: api.IncomingHook): string {
  const state = getState();
  const channel = state.channels.channels[hook.channel_id]?.display_name ?? '';
  return [hook.display_name, hook.description, channel, displayName(state, hook.user_id), hook.id].join(' ');
}

/** IncomingPage lists the addresses at which other programs post into channels. */
export function IncomingPage({ teamId }: { teamId: string }) {
  const t = useText();
  return (
    <ListPage
      kind="incoming"
      teamId={teamId}
      icon={ArrowDownToLine}
      load={() => load(teamId)}
      idOf={(hook) => hook.id}
      nameOf={(hook) => hook.display_name || t('integrations.unnamed')}
      aboutOf={(hook) => hook.description}
      wordsOf={wordsOf}
      remove={(hook) => api.removeIncoming(hook.id)}
      Dialog={IncomingDialog}
      columns={[
        { id: 'channel', title: t('integrations.channel'), cell: (hook) => <ChannelName id={hook.channel_id} /> },
        { id: 'who', title: t('integrations.madeBy'), cell: (hook) => <Person id={hook.user_id} /> },
        { id: 'at', title: t('integrations.madeAt'), cell: (hook) => <Moment at={hook.create_at} /> },
        {
          id: 'address',
          title: t('integrations.address'),
          cell: (hook) => (
            <span className={styles.inline}>
              <code className={styles.short}>{`…/hooks/${hook.id.slice(0, 6)}…`}</code>
              <CopyButton
                label={t('integrations.addressOf', { name: hook.display_name || t('integrations.unnamed') })}
                value={incomingAddress(hook.id)}
              />
            </span>
          ),
        },
      ]}
    />
  );
}
