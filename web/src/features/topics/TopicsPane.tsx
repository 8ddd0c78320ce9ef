import { Check, MessageSquareText, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { Topic } from '@/api/topics';
import { useChannelName } from '@/features/channels/names';
import { useClock } from '@/features/people/clock';
import { useText } from '@/i18n/text';
import { closePane, openPane } from '@/store/commands';
import type { Pane } from '@/store/place';
import { useApp, useAppShallow } from '@/store/store';
import { topicsIn } from '@/store/topics';
import { attempt } from '@/ui/attempt';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { PaneHeader } from '@/ui/PaneHeader';
import { Segments } from '@/ui/Segments';
import { SkeletonRow } from '@/ui/Skeleton';
import { Switch } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';
import { followTopics, resolveTopic } from './actions';
import styles from './Topics.module.css';

const states = ['open', 'resolved'] as const;

/** Below so many topics nobody needs to look for one. */
const many = 8;

/** TopicsPane lists the topics of a channel, those with the latest activity first. */
export function TopicsPane({ pane }: { pane: Extract<Pane, { kind: 'topics' }> }) {
  const t = useText();
  const { channelId } = pane;
  const name = useChannelName(channelId);
  const [shown, setShown] = useState<(typeof states)[number]>('open');
  const [term, setTerm] = useState('');
  const loaded = useApp((state) => state.topics.byChannel[channelId] !== undefined);
  const following = useApp((state) => state.topics.following[channelId] ?? false);
  const all = useAppShallow((state) => topicsIn(state, channelId, shown === 'resolved'));
  const words = term.trim().toLowerCase();
  const list = all.filter((one) => one.title.toLowerCase().includes(words));
  return (
    <>
      <PaneHeader title={t('topics.topics')} subtitle={name} onClose={closePane} />
      <div className={styles.bar}>
        <Segments
          label={t('topics.which')}
          value={shown}
          options={states.map((value) => ({ value, label: t(`topics.${value}`) }))}
          onChange={setShown}
        />
        <Switch
          label={t('topics.follow')}
          hint={t('topics.follow.hint')}
          checked={following}
          onChange={(on) => void attempt(followTopics(channelId, on))}
        />
        {(all.length > many || term !== '') && <TextField label={t('topics.find')} value={term} onChange={setTerm} />}
      </div>
      {!loaded && <SkeletonRow rows={3} />}
      {loaded && list.length === 0 && (
        <EmptyState icon={<MessageSquareText size={24} />} title={t(`topics.none.${shown}`)}>
          {t('topics.none.hint')}
        </EmptyState>
      )}
      <ul className={styles.list} aria-label={t('topics.topics')}>
        {list.map((topic) => (
          <Row key={topic.root_id} topic={topic} />
        ))}
      </ul>
    </>
  );
}

function Row({ topic }: { topic: Topic }) {
  const t = useText();
  const clock = useClock();
  const { channel_id: channelId, root_id: rootId, title } = topic;
  const resolved = topic.resolved_at > 0;
  return (
    <li className={styles.row}>
      <button type="button" className={styles.open} onClick={() => openPane({ kind: 'thread', channelId, rootId })}>
        <span className={styles.title} dir="auto">
          {title}
        </span>
        <span className={styles.quiet}>
          {t('topics.about', {
            count: topic.reply_count,
            when: clock.near(Math.max(topic.last_reply_at, topic.create_at)),
          })}
        </span>
      </button>
      <IconButton
        label={t(resolved ? 'topics.reopen' : 'topics.resolve', { title })}
        icon={resolved ? <RotateCcw /> : <Check />}
        onClick={() => void attempt(resolveTopic(rootId, !resolved))}
      />
    </li>
  );
}
