import { Text, useText } from '@/i18n/text';
import { blockWith } from '@/store/blocks';
import { getState } from '@/store/store';
import { errorText } from '@/ui/FormError';
import { SkeletonRow } from '@/ui/Skeleton';
import { TextButton } from '@/ui/TextButton';
import { loadNewer, loadOlder, useLoading } from './loading';
import styles from './MessageList.module.css';

/** LoadingRow stands where more messages will be. When they can't be loaded it says so. */
export function LoadingRow({ channelId, side }: { channelId: string; side: 'older' | 'newer' }) {
  const t = useText();
  const state = useLoading(channelId)[side];
  if (!state || state === 'busy') {
    return (
      <div className={styles.loading} aria-busy="true">
        <span className="visually-hidden">{t('messages.loading')}</span>
        <SkeletonRow rows={4} />
      </div>
    );
  }
  const again = () => {
    const { blocks = [] } = getState().posts.byChannel[channelId] ?? {};
    // The run whose end this is: with several, the one that lacks this side.
    const block = side === 'older' ? blocks.find((one) => !one.start) : blocks.find((one) => !one.end);
    const id = side === 'older' ? block?.ids[0] : block?.ids.at(-1);
    if (id && blockWith(blocks, id)) void (side === 'older' ? loadOlder(channelId, id) : loadNewer(channelId, id));
  };
  return (
    <p className={styles.more} role="alert">
      <Text id={side === 'older' ? 'messages.olderFailed' : 'messages.newerFailed'} />{' '}
      <span>{errorText(state.error)}</span>{' '}
      <TextButton onClick={again}>
        <Text id="ui.retry" />
      </TextButton>
    </p>
  );
}
