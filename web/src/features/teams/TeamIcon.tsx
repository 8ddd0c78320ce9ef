import { teamIconUrl } from '@/api/teams';
import { useApp } from '@/store/store';
import { Avatar } from '@/ui/Avatar';

/** TeamIcon is the picture of a team, or its initials. Decoration: the name stands beside it. */
export function TeamIcon({ teamId, size }: { teamId: string; size: number }) {
  const team = useApp((state) => state.teams.teams[teamId]);
  if (!team) return null;
  return <Avatar src={teamIconUrl(team)} name={team.display_name} size={size} shape="square" />;
}
