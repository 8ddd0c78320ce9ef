import type { UserProfile } from '@mattermost/types/users';
import { getLock, unlock } from '@/api/admin';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import styles from './People.module.css';

/** LockNote says that wrong passwords have closed an account, and opens it again. An account that is open shows nothing. */
export function LockNote({ user, writes }: { user: UserProfile; writes: boolean }) {
  const t = useText();
  const lock = useLoaded(() => getLock(user.id));
  if (!lock.value?.locked) return null;
  const open = async () => {
    if (await attempt(unlock(user.id))) toast(t('admin.users.unlocked', { name: user.username }));
    await lock.reload();
  };
  return (
    <div className={styles.acts} role="status">
      <p>{t('admin.users.locked', { count: lock.value.failed })}</p>
      {writes && <Button onClick={() => void open()}>{t('admin.users.unlock')}</Button>}
    </div>
  );
}
