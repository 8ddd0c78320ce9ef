import { lazy, Suspense } from 'react';
import { useCard } from './card';

const PersonCard = lazy(() => import('./PersonCard').then((module) => ({ default: module.PersonCard })));

/** PersonCards shows the card that `openCard` opened. It stands once in the frame. */
export function PersonCards() {
  const open = useCard();
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <PersonCard key={open.userId} open={open} />
    </Suspense>
  );
}
