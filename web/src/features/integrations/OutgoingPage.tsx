import { ArrowUpFromLine } from 'lucide-react';
import * as api from '@/api/integrations';
import { useText } from '@/i18n/text';
import { displayName } from '@/store/selectors';
import { getState } from '@/store/store';
import styles from './Integrations.module.css';
import { ListPage } from './ListPage';
import { needPeople } from './names';
import { OutgoingDialog } from './OutgoingDialog';
import { ChannelName, Person } from './Person';

async function load(teamId: string): Promise<api.OutgoingHook[]> {
  const hooks = await api.getOutgoing(teamId);
  await needPeople(hooks.map((hook) => hook.creator_id));
  return hooks;
}

const wordsOf = (hook: api.OutgoingHook): string =>
  [
    hook.display_name,
    hook.description,
    getState().channels.channels[hook.channel_id]?.display_name ?? '',
    displayName(getState(), hook.creator_id),
    ...(hook.trigger_words ?? []),
    ...(hook.callback_urls ?? []),
  ].join(' ');

/** OutgoingPage lists what Parley sends to other programs when somebody writes. */
export function OutgoingPage({ teamId }: { teamId: string }) {
  const t = useText();
  return (
    <ListPage
      kind="outgoing"
      teamId={teamId}
      icon={ArrowUpFromLine}
      load={() => load(teamId)}
      idOf={(hook) => hook.id}
      nameOf={(hook) => hook.display_name || t('integrations.unnamed')}
      aboutOf={(hook) => hook.description}
      wordsOf={wordsOf}
      remove={(hook) => api.removeOutgoing(hook.id)}
      Dialog={OutgoingDialog}
      columns={[
        {
          id: 'channel',
          title: t('integrations.channel'),
          cell: (hook) =>
            hook.channel_id ? <ChannelName id={hook.channel_id} /> : t('integrations.outgoing.anyChannel'),
        },
        {
          id: 'words',
          title: t('integrations.outgoing.words'),
          cell: (hook) => (
            <span className={styles.chips}>
              {(hook.trigger_words ?? []).map((word) => (
                <code key={word} className={styles.chip} dir="auto">
                  {word}
                </code>
              ))}
              {(hook.trigger_words ?? []).length === 0 && t('integrations.outgoing.every')}
            </span>
          ),
        },
        {
          id: 'to',
          title: t('integrations.outgoing.to'),
          cell: (hook) => <span className={styles.address}>{(hook.callback_urls ?? []).join(', ')}</span>,
        },
        { id: 'who', title: t('integrations.madeBy'), cell: (hook) => <Person id={hook.creator_id} /> },
      ]}
    />
  );
}
