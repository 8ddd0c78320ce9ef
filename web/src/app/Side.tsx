/** The left side: the rail of teams and the sidebar of the current one. */
import { Sidebar } from '@/features/sidebar/Sidebar';
import { TeamRail } from '@/features/teams/TeamRail';

export function Side() {
  return (
    <>
      <TeamRail />
      <Sidebar />
    </>
  );
}
