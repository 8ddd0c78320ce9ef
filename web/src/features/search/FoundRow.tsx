import { CornerDownRight } from 'lucide-react';
import { memo } from 'react';
import { Link } from 'wouter';
import { ChannelIcon } from '@/features/channels/ChannelIcon';
import { useChannelName } from '@/features/channels/names';
import { MessageRow } from '@/features/messages/MessageRow';
import { useTimes, useToday } from '@/features/messages/time';
import { useView } from '@/features/messages/view';
import { Text, useText } from '@/i18n/text';
import { permalink } from '@/store/paths';
import { postOf } from '@/store/posts';
import { useApp } from '@/store/store';
import styles from './Found.module.css';

export interface FoundRowProps {
  channelId: string;
  postId: string;
  tabbable: boolean;
  terms?: readonly string[] | undefined;
  /** The pane is about one channel: its name need not be said with each message. */
  oneChannel?: boolean | undefined;
}

/** FoundRow is a message that was found: where and when it was said, itself, and the way there. */
export const FoundRow = memo(function FoundRow({ channelId, postId, tabbable, terms, oneChannel }: FoundRowProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the virtual list brings its own boxes
    <div role="listitem" className={styles.found}>
      <Place channelId={channelId} postId={postId} oneChannel={oneChannel} />
      <MessageRow
        channelId={channelId}
        postId={postId}
        where="list"
        tabbable={tabbable}
        {...(terms && { searchTerms: terms })}
      />
    </div>
  );
});

/** Place leads to the message where it stands. */
function Place({
  channelId,
  postId,
  oneChannel,
}: {
  channelId: string;
  postId: string;
  oneChannel?: boolean | undefined;
}) {
  const t = useText();
  const times = useTimes();
  useToday(useView().timeZone);
  const name = useChannelName(channelId);
  const href = useApp((state) => permalink(state, channelId, postId));
  const reply = useApp((state) => (postOf(state.posts, channelId, postId)?.root_id ?? '') !== '');
  const at = useApp((state) => postOf(state.posts, channelId, postId)?.create_at ?? 0);
  const team = useApp(({ channels, teams, place }) => {
    const teamId = channels.channels[channelId]?.team_id;
    return teamId && teamId !== place.teamId ? (teams.teams[teamId]?.display_name ?? '') : '';
  });
  return (
    <Link href={href} className={styles.place} aria-description={t('search.jumpTo')}>
      {!oneChannel && (
        <span className={styles.channel}>
          <ChannelIcon channelId={channelId} size={18} />
          <span className={styles.name}>{name || t('search.channel.gone')}</span>
        </span>
      )}
      {team && <span className={styles.team}>{team}</span>}
      {reply && (
        <span className={styles.reply}>
          <CornerDownRight size={13} aria-hidden="true" />
          <Text id="search.reply" />
        </span>
      )}
      <time className={styles.day} dateTime={new Date(at).toISOString()}>
        {times.day(at)}
      </time>
      <span className={styles.jump} aria-hidden="true">
        <Text id="search.jump" />
      </span>
    </Link>
  );
}
