import { Plus } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, memo, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { teamName } from '@/store/paths';
import { myTeamIds, teamUnread } from '@/store/selectors';
import { useApp, useAppShallow } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { followLink } from '@/ui/go';
import { IconButton } from '@/ui/IconButton';
import { late } from '@/ui/late';
import { Menu } from '@/ui/Menu';
import { Tooltip } from '@/ui/Tooltip';
import { moveTeam, orderTeams } from './actions';
import { TeamIcon } from './TeamIcon';
import styles from './TeamRail.module.css';

const JoinItems = late(() => import('./TeamItems').then((module) => module.JoinItems));

/** TeamRail shows one's teams, when there are several, in an order that one gives them by drag or by key. */
export function TeamRail() {
  const t = useText();
  const ids = useAppShallow(myTeamIds);
  const [said, setSaid] = useState('');
  const drag = useReorder(ids);
  if (ids.length < 2) return null;
  const key = (event: KeyboardEvent<HTMLElement>) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-team]') : null;
    const id = link?.dataset.team;
    if (!id || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    const by = event.key === 'ArrowUp' ? -1 : 1;
    if (event.altKey) return;
    event.preventDefault();
    if (!(event.shiftKey && (event.ctrlKey || event.metaKey))) {
      const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-team]')];
      links[links.indexOf(link) + by]?.focus();
      return;
    }
    const done = moveTeam(id, by);
    if (done) void attempt(done).then((moved) => moved && setSaid(t('teams.moved')));
  };
  return (
    <nav className={styles.rail} aria-label={t('teams.yours')} onKeyDown={key} onClick={followLink}>
      <ul className={styles.list} {...drag.handlers}>
        {ids.map((id, place) => (
          <TeamLink key={id} teamId={id} place={place} dropping={drag.over === id ? drag.side : undefined} />
        ))}
      </ul>
      <Menu
        label={t('teams.more')}
        placement="right-end"
        trigger={<IconButton label={t('teams.more')} icon={<Plus />} placement="right" />}
      >
        <JoinItems />
      </Menu>
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </nav>
  );
}

interface TeamLinkProps {
  teamId: string;
  place: number;
  dropping: 'before' | 'after' | undefined;
}

const TeamLink = memo(function TeamLink({ teamId, place, dropping }: TeamLinkProps) {
  const t = useText();
  const name = useApp((state) => state.teams.teams[teamId]?.display_name ?? '');
  const href = useApp((state) => `/${teamName(state, teamId)}`);
  const current = useApp((state) => state.place.teamId === teamId);
  const { unread, mentions } = useAppShallow((state) => teamUnread(state, teamId));
  const heard = [name, unread && t('teams.unread'), mentions > 0 && t('teams.mentions', { count: mentions })];
  const shortcut = place < 9 ? `ctrl+alt+${place + 1}` : undefined;
  return (
    <li className={styles.item} data-dropping={dropping}>
      <Tooltip text={name} placement="right" {...(shortcut && { shortcut })}>
        <a
          href={href}
          className={styles.team}
          data-team={teamId}
          data-unread={unread || undefined}
          draggable
          aria-current={current ? 'true' : undefined}
          aria-label={heard.filter(Boolean).join(', ')}
        >
          <TeamIcon teamId={teamId} size={36} />
          {mentions > 0 ? (
            <span className={styles.mentions} data-figures aria-hidden="true">
              {mentions > 99 ? '99+' : mentions}
            </span>
          ) : (
            unread && <span className={styles.dot} aria-hidden="true" />
          )}
        </a>
      </Tooltip>
    </li>
  );
});

/** useReorder lets teams be dragged among themselves. */
function useReorder(ids: readonly string[]) {
  const dragged = useRef('');
  const [target, setTarget] = useState<{ over: string; side: 'before' | 'after' }>();
  const teamOf = (event: DragEvent) =>
    event.target instanceof Element ? event.target.closest('li')?.querySelector<HTMLElement>('[data-team]') : null;
  const end = () => {
    dragged.current = '';
    setTarget(undefined);
  };
  return {
    over: target?.over,
    side: target?.side,
    handlers: {
      onDragStart(event: DragEvent) {
        dragged.current = teamOf(event)?.dataset.team ?? '';
        event.dataTransfer.effectAllowed = 'move';
      },
      onDragOver(event: DragEvent) {
        const element = teamOf(event);
        const over = element?.dataset.team;
        if (!dragged.current || !element || !over || over === dragged.current) return setTarget(undefined);
        event.preventDefault();
        const box = element.getBoundingClientRect();
        const side = event.clientY > box.top + box.height / 2 ? 'after' : 'before';
        setTarget((known) => (known?.over === over && known.side === side ? known : { over, side }));
      },
      onDrop(event: DragEvent) {
        event.preventDefault();
        const id = dragged.current;
        const place = target;
        end();
        if (!id || !place) return;
        const others = ids.filter((one) => one !== id);
        const at = others.indexOf(place.over) + (place.side === 'after' ? 1 : 0);
        void attempt(orderTeams([...others.slice(0, at), id, ...others.slice(at)]));
      },
      onDragEnd: end,
    },
  };
}
