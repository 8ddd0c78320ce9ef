import { Later, late } from '@/ui/late';
import { closeGroupCard, useGroupCard } from './card';

const GroupCard = late(() => import('./GroupCard').then((module) => module.GroupCard));

/** GroupCards shows the card that `openGroupCard` opened. It stands once in the frame. */
export function GroupCards() {
  const open = useGroupCard();
  if (!open) return null;
  return (
    <Later key={open.groupId} onFail={closeGroupCard}>
      <GroupCard open={open} />
    </Later>
  );
}
