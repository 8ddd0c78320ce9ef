import { RadioTower } from 'lucide-react';
import * as api from '@/api/deliveries';
import { Tag } from '@/features/people/Tag';
import { useText } from '@/i18n/text';
import styles from './Integrations.module.css';
import { ListPage } from './ListPage';
import { needPeople } from './names';
import { Person } from './Person';
import { SubscriptionDialog } from './SubscriptionDialog';

async function load(teamId: string): Promise<api.Subscription[]> {
  const list = await api.getSubscriptions(teamId);
  await needPeople(list.map((one) => one.creator_id));
  return list;
}

/** SubscriptionsPage lists who is told of events as they happen. */
export function SubscriptionsPage({ teamId }: { teamId: string }) {
  const t = useText();
  return (
    <ListPage
      kind="subscriptions"
      teamId={teamId}
      icon={RadioTower}
      load={() => load(teamId)}
      idOf={(one) => one.id}
      nameOf={(one) => one.name || t('integrations.unnamed')}
      aboutOf={(one) => one.description}
      wordsOf={(one) => [one.name, one.description, one.url, ...(one.events ?? [])].join(' ')}
      remove={(one) => api.removeSubscription(one.id)}
      Dialog={SubscriptionDialog}
      columns={[
        {
          id: 'events',
          title: t('integrations.subscriptions.events'),
          cell: (one) => (
            <span className={styles.chips}>
              {(one.events ?? []).map((event) => (
                <code key={event} className={styles.chip}>
                  {event}
                </code>
              ))}
            </span>
          ),
        },
        {
          id: 'to',
          title: t('integrations.outgoing.to'),
          cell: (one) => <span className={styles.address}>{one.url}</span>,
        },
        {
          id: 'state',
          title: t('integrations.state'),
          cell: (one) =>
            one.enabled ? t('integrations.subscriptions.on') : <Tag>{t('integrations.subscriptions.off')}</Tag>,
        },
        { id: 'who', title: t('integrations.madeBy'), cell: (one) => <Person id={one.creator_id} /> },
      ]}
    />
  );
}
