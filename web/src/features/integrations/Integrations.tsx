/** The pages with which a team's integrations are managed: `/<team>/integrations/<page>`. */
import { Link, useLocation } from 'wouter';
import { useText } from '@/i18n/text';
import { integrationKinds, managesIntegrations, managesKind } from '@/store/integrations';
import { useApp, useAppShallow } from '@/store/store';
import { EmptyState } from '@/ui/EmptyState';
import { PageGroup, Pages } from '@/ui/Pages';
import { OverviewPage } from './OverviewPage';
import { kindPages, overviewIcon } from './pages';

/** Integrations shows the page that the address names beside the list of all that one may use. */
export function Integrations() {
  const t = useText();
  const [path] = useLocation();
  const [team = '', , page = ''] = path.split('/').filter(Boolean);
  const teamId = useApp((state) => Object.values(state.teams.teams).find((one) => one.name === team)?.id ?? '');
  const name = useApp((state) => state.teams.teams[teamId]?.display_name ?? team);
  const allowed = useApp((state) => teamId !== '' && managesIntegrations(state, teamId));
  const kinds = useAppShallow((state) => integrationKinds.filter((kind) => managesKind(state, kind, teamId)));
  if (!allowed) {
    return (
      <EmptyState page title={t('integrations.closed')} action={<Link href="/">{t('integrations.back')}</Link>}>
        {t('integrations.closed.hint')}
      </EmptyState>
    );
  }
  const root = `/${team}/integrations`;
  const shown = kindPages.filter((one) => kinds.includes(one.kind));
  const current = shown.find((one) => one.path === page);
  const heading = current ? t(`integrations.page.${current.kind}`) : t('integrations.overview');
  return (
    <Pages
      id={current?.path ?? 'overview'}
      title={t('integrations.title', { team: name })}
      heading={page === '' || current ? heading : t('integrations.nothing')}
      back={{ href: `/${team}`, label: t('integrations.back') }}
      listLabel={t('integrations.pages')}
      list={
        <PageGroup
          title={t('integrations.list')}
          current={current?.path ?? 'overview'}
          pages={[
            { id: 'overview', href: root, icon: overviewIcon, title: t('integrations.overview') },
            ...shown.map(({ path: id, icon, kind }) => ({
              id,
              icon,
              href: `${root}/${id}`,
              title: t(`integrations.page.${kind}`),
            })),
          ]}
        />
      }
    >
      {current ? (
        <current.Content key={`${teamId} ${current.path}`} teamId={teamId} />
      ) : page === '' ? (
        <OverviewPage key={teamId} teamId={teamId} root={root} pages={shown} />
      ) : (
        <EmptyState title={t('integrations.nothing.hint')} />
      )}
    </Pages>
  );
}
