import { ChevronRight } from 'lucide-react';
import { Link } from 'wouter';
import { TeamIcon } from '@/features/teams/TeamIcon';
import { useText } from '@/i18n/text';
import { myTeamIds } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { EmptyState } from '@/ui/EmptyState';
import styles from './Integrations.module.css';
import { Lead } from './parts';

/** IntegrationsPage leads to the integrations of each team that one is in. */
export function IntegrationsPage() {
  const t = useText();
  const ids = useAppShallow(myTeamIds);
  return (
    <>
      <Lead>{t('admin.integrations.lead')}</Lead>
      {ids.length === 0 && <EmptyState title={t('admin.integrations.none')} />}
      <ul className={styles.teams}>
        {ids.map((id) => (
          <li key={id}>
            <TeamLink id={id} />
          </li>
        ))}
      </ul>
    </>
  );
}

function TeamLink({ id }: { id: string }) {
  const team = useApp((state) => state.teams.teams[id]);
  if (!team) return null;
  return (
    <Link href={`/${team.name}/integrations`} className={styles.team}>
      <TeamIcon teamId={id} size={32} />
      <span className={styles.name} dir="auto">
        {team.display_name}
      </span>
      <ChevronRight size={18} aria-hidden="true" />
    </Link>
  );
}
