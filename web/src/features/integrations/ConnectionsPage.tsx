import { KeyRound } from 'lucide-react';
import * as api from '@/api/oauth';
import { useText } from '@/i18n/text';
import { Moment } from '@/ui/listing';
import { ConnectionDialog } from './ConnectionDialog';
import styles from './Integrations.module.css';
import { ListPage } from './ListPage';
import { needPeople } from './names';
import { Person } from './Person';

async function load(teamId: string): Promise<api.Connection[]> {
  const list = await api.getConnections(teamId);
  await needPeople(list.map((one) => one.creator_id));
  return list;
}

/** ConnectionsPage lists where Parley gets the tokens that its calls of commands and webhooks carry. */
export function ConnectionsPage({ teamId }: { teamId: string }) {
  const t = useText();
  return (
    <ListPage
      kind="connections"
      teamId={teamId}
      icon={KeyRound}
      load={() => load(teamId)}
      idOf={(one) => one.id}
      nameOf={(one) => one.name}
      aboutOf={() => ''}
      wordsOf={(one) => [one.name, one.oauth_token_url, ...(one.audiences ?? [])].join(' ')}
      remove={(one) => api.removeConnection(teamId, one.id)}
      Dialog={ConnectionDialog}
      columns={[
        {
          id: 'for',
          title: t('integrations.connections.audiences'),
          cell: (one) => <span className={styles.address}>{(one.audiences ?? []).join(', ')}</span>,
        },
        {
          id: 'from',
          title: t('integrations.connections.tokenUrl'),
          cell: (one) => <span className={styles.address}>{one.oauth_token_url}</span>,
        },
        { id: 'who', title: t('integrations.madeBy'), cell: (one) => <Person id={one.creator_id} /> },
        { id: 'at', title: t('integrations.madeAt'), cell: (one) => <Moment at={one.create_at} /> },
      ]}
    />
  );
}
