import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import styles from './Integrations.module.css';
import { useChannelLabel } from './names';

/** Person is who made something, with the picture; a dash for somebody who can't be found. */
export function Person({ id }: { id: string }) {
  const t = useText();
  const known = useApp((state) => state.users.profiles[id] !== undefined);
  if (!known) return <span className={styles.quiet}>{t('integrations.unknown')}</span>;
  return (
    <span className={styles.person}>
      <UserAvatar userId={id} size={20} /> <UserName userId={id} />
    </span>
  );
}

/** ChannelName is what a channel is called, or that one isn't in it. */
export function ChannelName({ id }: { id: string }) {
  const t = useText();
  const name = useChannelLabel(id);
  if (name === '') return <span className={styles.quiet}>{t('integrations.channelUnknown')}</span>;
  return <span dir="auto">{name ?? '…'}</span>;
}
