/** The left side: the rail of teams and the sidebar of the current one. */
import type { ReactNode } from 'react';
import { Sidebar } from '@/features/sidebar/Sidebar';
import { TeamRail } from '@/features/teams/TeamRail';

/** Side shows both. `edge` is what stands at the far edge of the sidebar and makes it wider or narrower. */
export function Side({ edge }: { edge?: ReactNode }) {
  return (
    <>
      <TeamRail />
      <Sidebar edge={edge} />
    </>
  );
}
