import { AppWindow } from 'lucide-react';
import * as api from '@/api/oauth';
import { Tag } from '@/features/people/Tag';
import { useText } from '@/i18n/text';
import { displayName } from '@/store/selectors';
import { getState } from '@/store/store';
import { Moment } from '@/ui/listing';
import { AppDialog } from './AppDialog';
import styles from './Integrations.module.css';
import { ListPage } from './ListPage';
import { needPeople } from './names';
import { Person } from './Person';
import { CopyButton } from './Secret';

async function load(): Promise<api.OAuthApp[]> {
  const apps = await api.getApps();
  await needPeople(apps.map((app) => app.creator_id));
  return apps;
}

const wordsOf = (app: api.OAuthApp): string =>
  [app.name, app.description, app.homepage, app.id, displayName(getState(), app.creator_id)].join(' ');

/** AppsPage lists the applications that people may let act in their name. */
export function AppsPage({ teamId }: { teamId: string }) {
  const t = useText();
  return (
    <ListPage
      kind="apps"
      teamId={teamId}
      icon={AppWindow}
      load={load}
      idOf={(app) => app.id}
      nameOf={(app) => app.name}
      aboutOf={(app) => app.description}
      wordsOf={wordsOf}
      remove={(app) => api.removeApp(app.id)}
      Dialog={AppDialog}
      columns={[
        {
          id: 'id',
          title: t('integrations.apps.id'),
          cell: (app) => (
            <span className={styles.inline}>
              <code className={styles.short}>{`${app.id.slice(0, 8)}…`}</code>
              <CopyButton label={t('integrations.apps.idOf', { name: app.name })} value={app.id} />
            </span>
          ),
        },
        {
          id: 'kind',
          title: t('integrations.apps.kind'),
          cell: (app) => (
            <span className={styles.chips}>
              {app.is_trusted && <Tag>{t('integrations.apps.isTrusted')}</Tag>}
              {api.isPublic(app) && <Tag>{t('integrations.apps.isPublic')}</Tag>}
              {app.is_dynamically_registered && <Tag>{t('integrations.apps.isRegistered')}</Tag>}
              {!app.is_trusted &&
                !api.isPublic(app) &&
                !app.is_dynamically_registered &&
                t('integrations.apps.isPlain')}
            </span>
          ),
        },
        { id: 'who', title: t('integrations.madeBy'), cell: (app) => <Person id={app.creator_id} /> },
        { id: 'at', title: t('integrations.madeAt'), cell: (app) => <Moment at={app.create_at} /> },
      ]}
    />
  );
}
