import { ArrowRight, Plus, Users } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { type Team, teamIconUrl } from '@/api/teams';
import { Text, useText } from '@/i18n/text';
import { can, myProfile, myTeamIds, siteName } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { FormError } from '@/ui/FormError';
import { SkeletonRow } from '@/ui/Skeleton';
import { TextButton } from '@/ui/TextButton';
import { joinTeam, loadOpenTeams, signOut } from './actions';
import styles from './SelectTeamPage.module.css';
import { Sheet } from './Sheet';
import { useArrival } from './useArrival';

/** SelectTeamPage shows one's teams, those that may be joined, and the way to a new one. */
export function SelectTeamPage() {
  const t = useText();
  const site = useApp(siteName);
  const name = useApp((state) => myProfile(state)?.username ?? '');
  const mine = useAppShallow((state) => myTeamIds(state).map((id) => state.teams.teams[id]));
  const mayCreate = useApp((state) => can(state, 'create_team'));
  const arrival = useArrival('', loadOpenTeams);
  const open = arrival.kind === 'here' ? arrival.value : [];
  const nothing = mine.length === 0 && arrival.kind === 'here' && open.length === 0;
  return (
    <Sheet
      title={t('signin.teams.title')}
      focusTitle
      intro={<Text id="signin.teams.intro" values={{ site, name }} />}
      aside={
        <p>
          <TextButton onClick={() => void signOut()}>{t('signin.signOut')}</TextButton>
        </p>
      }
    >
      <div className={styles.lists}>
        {mine.length > 0 && (
          <TeamList title={t('signin.teams.mine')}>
            {mine.map((team) => team && <MyTeam key={team.id} team={team} />)}
          </TeamList>
        )}
        {arrival.kind === 'loading' && <SkeletonRow rows={2} />}
        {arrival.kind === 'failed' && (
          <ErrorState title={t('signin.teams.failed')} error={arrival.error} onRetry={arrival.retry} />
        )}
        {open.length > 0 && (
          <TeamList title={t('signin.teams.open')}>
            {open.map((team) => (
              <OpenTeam key={team.id} team={team} />
            ))}
          </TeamList>
        )}
        {nothing && (
          <EmptyState icon={<Users size={28} />} title={t('signin.teams.none')}>
            {t(mayCreate ? 'signin.teams.noneCreate' : 'signin.teams.noneAsk')}
          </EmptyState>
        )}
        {mayCreate && (
          <Link href="/create_team" className={styles.create}>
            <Plus aria-hidden="true" />
            <Text id="signin.teams.create" />
          </Link>
        )}
      </div>
    </Sheet>
  );
}

function TeamList({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className={styles.heading}>{title}</h2>
      <ul className={styles.list}>{children}</ul>
    </section>
  );
}

function TeamWords({ team }: { team: Team }) {
  return (
    <>
      <Avatar shape="square" size={36} name={team.display_name} src={teamIconUrl(team)} />
      <span className={styles.words}>
        <span className={styles.name}>{team.display_name}</span>
        {team.description && <span className={styles.description}>{team.description}</span>}
      </span>
    </>
  );
}

function MyTeam({ team }: { team: Team }) {
  return (
    <li>
      <Link href={`/${team.name}`} className={styles.team}>
        <TeamWords team={team} />
        <ArrowRight aria-hidden="true" />
      </Link>
    </li>
  );
}

function OpenTeam({ team }: { team: Team }) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const join = async () => {
    setBusy(true);
    setError(undefined);
    await joinTeam(team.id).catch((reason: unknown) => {
      setError(reason);
      setBusy(false);
    });
  };
  return (
    <li>
      <div className={styles.team}>
        <TeamWords team={team} />
        <Button busy={busy} onClick={join} aria-label={t('signin.teams.joinTeam', { team: team.display_name })}>
          {t('signin.teams.join')}
        </Button>
      </div>
      <FormError error={error} />
    </li>
  );
}
