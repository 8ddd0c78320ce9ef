import { Later, late } from '@/ui/late';
import { closeCard, useCard } from './card';

const PersonCard = late(() => import('./PersonCard').then((module) => module.PersonCard));

/** PersonCards shows the card that `openCard` opened. It stands once in the frame. */
export function PersonCards() {
  const open = useCard();
  if (!open) return null;
  return (
    <Later key={open.userId} onFail={closeCard}>
      <PersonCard open={open} />
    </Later>
  );
}
