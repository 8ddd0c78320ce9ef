import { pictureUrl } from '@/api/users';
import { displayName } from '@/store/selectors';
import { useAppShallow } from '@/store/store';
import { AvatarStack } from '@/ui/AvatarStack';

const shown = 4;

/** Participants draws who replied, the latest first, oneself last. */
export function Participants({ ids, me }: { ids: readonly string[]; me: string }) {
  const latest = [...ids].reverse();
  const order = [...latest.filter((id) => id !== me), ...latest.filter((id) => id === me)];
  const drawn = order.slice(0, shown);
  const names = useAppShallow((state) => drawn.map((id) => displayName(state, id)));
  const pictures = useAppShallow((state) =>
    drawn.map((id) => {
      const user = state.users.profiles[id];
      return user ? pictureUrl(user) : '';
    }),
  );
  const people = order.map((id, index) => {
    const src = pictures[index];
    return { id, name: names[index] ?? '', ...(src && { src }) };
  });
  return <AvatarStack people={people} size={20} max={shown} />;
}
