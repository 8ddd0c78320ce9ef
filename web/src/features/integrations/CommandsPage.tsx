import { SquareSlash } from 'lucide-react';
import * as api from '@/api/integrations';
import { useText } from '@/i18n/text';
import { displayName } from '@/store/selectors';
import { getState } from '@/store/store';
import { CommandDialog } from './CommandDialog';
import styles from './Integrations.module.css';
import { ListPage } from './ListPage';
import { needPeople } from './names';
import { Person } from './Person';

async function load(teamId: string): Promise<api.Command[]> {
  const commands = await api.getCommands(teamId);
  await needPeople(commands.map((one) => one.creator_id));
  return commands;
}

const wordsOf = (one: api.Command): string =>
  [one.display_name, one.description, `/${one.trigger}`, one.url, displayName(getState(), one.creator_id)].join(' ');

/** CommandsPage lists the commands that people type and another program answers. */
export function CommandsPage({ teamId }: { teamId: string }) {
  const t = useText();
  return (
    <ListPage
      kind="commands"
      teamId={teamId}
      icon={SquareSlash}
      load={() => load(teamId)}
      idOf={(one) => one.id}
      nameOf={(one) => one.display_name || `/${one.trigger}`}
      aboutOf={(one) => one.description}
      wordsOf={wordsOf}
      remove={(one) => api.removeCommand(one.id)}
      Dialog={CommandDialog}
      columns={[
        {
          id: 'trigger',
          title: t('integrations.commands.command'),
          cell: (one) => (
            <code className={styles.chip} dir="auto">
              {`/${one.trigger}`} {one.auto_complete && one.auto_complete_hint}
            </code>
          ),
        },
        {
          id: 'url',
          title: t('integrations.commands.calls'),
          cell: (one) => (
            <span className={styles.address}>
              {one.method === 'G' ? 'GET' : 'POST'} {one.url}
            </span>
          ),
        },
        { id: 'who', title: t('integrations.madeBy'), cell: (one) => <Person id={one.creator_id} /> },
      ]}
    />
  );
}
