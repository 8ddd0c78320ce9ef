import { UsersRound } from 'lucide-react';
import { memo, type ReactNode, useState } from 'react';
import { useIntl } from 'react-intl';
import { Text, type TextId, useText } from '@/i18n/text';
import type { StoredPost } from '@/store/post';
import { nameOf, usersByName } from '@/store/selectors';
import { type State, useAppShallow } from '@/store/store';
import { cx } from '@/ui/cx';
import { TextButton } from '@/ui/TextButton';
import { type Move, named, type Part, partsOf } from './crowd';
import styles from './Message.module.css';
import rowStyles from './MessageRow.module.css';
import { PersonName } from './SystemText';
import { useTimes } from './time';
import { useView, viewOf } from './view';

const sentences: Record<Move, TextId> = {
  joined: 'messages.crowd.joined',
  joinedTeam: 'messages.crowd.joinedTeam',
  added: 'messages.crowd.added',
  addedTeam: 'messages.crowd.addedTeam',
  left: 'messages.crowd.left',
  leftTeam: 'messages.crowd.leftTeam',
  removed: 'messages.crowd.removed',
  removedTeam: 'messages.crowd.removedTeam',
};

export interface CrowdRowProps {
  channelId: string;
  ids: readonly string[];
  at: number;
  tabbable: boolean;
}

const postsOf = (state: State, channelId: string, ids: readonly string[]): StoredPost[] =>
  ids.map((id) => state.posts.byChannel[channelId]?.posts[id]).filter((post) => post !== undefined);

const labels = (state: State, names: readonly string[]): string[] => {
  const users = usersByName(state);
  return names.map((name) => {
    const user = users.get(name);
    return user ? nameOf(user, viewOf(state).nameFormat) : name;
  });
};

/** CrowdRow tells of several people who came or went, in as few sentences as that takes. */
export const CrowdRow = memo(function CrowdRow({ channelId, ids, at, tabbable }: CrowdRowProps) {
  const t = useText();
  const times = useTimes();
  const { compact } = useView();
  const [all, setAll] = useState(false);
  const posts = useAppShallow((state) => postsOf(state, channelId, ids));
  const parts = partsOf(posts);
  const label = useCrowdName(parts, at);
  const more = parts.some((part) => named(part.names, false).rest > 0);
  return (
    <article
      className={cx(rowStyles.row, compact && rowStyles.compact)}
      data-message={ids[0]}
      data-notice=""
      aria-label={label}
      tabIndex={tabbable ? 0 : -1}
    >
      <div className={styles.gutter} aria-hidden="true">
        {!compact && <UsersRound className={styles.noticeIcon} size={16} />}
        <time className={styles.gutterTime} data-always={compact || undefined}>
          {times.gutter(at)}
        </time>
      </div>
      <div className={cx(styles.main, styles.notice)}>
        {parts.map((part) => (
          <p key={`${part.move} ${part.by ?? ''}`}>
            <Sentence part={part} all={all} onAll={() => setAll(true)} />
          </p>
        ))}
        {all && more && (
          <TextButton className={styles.edited} onClick={() => setAll(false)}>
            {t('messages.less')}
          </TextButton>
        )}
      </div>
    </article>
  );
});

function Sentence({ part, all, onAll }: { part: Part; all: boolean; onAll: () => void }) {
  const { shown, rest } = named(part.names, all);
  const people: ReactNode[] = shown.map((name) => <PersonName key={name} username={name} />);
  if (rest > 0) {
    people.push(
      <TextButton key="rest" aria-expanded={false} onClick={onAll}>
        <Text id="messages.others" values={{ count: rest }} />
      </TextButton>,
    );
  }
  const by = part.by ? <PersonName username={part.by} /> : '';
  return <Text id={sentences[part.move]} values={{ names: <List items={people} />, count: part.names.length, by }} />;
}

/** A list of names as the language writes it: "Ana, Ben and 3 others". */
function List({ items }: { items: readonly ReactNode[] }) {
  const intl = useIntl();
  const marks = items.map((_, index) => String(index));
  const parts = intl.formatListToParts(marks, { type: 'conjunction' });
  return parts.map((part, index) => (
    <span key={index}>{part.type === 'element' ? items[Number(part.value)] : String(part.value)}</span>
  ));
}

function useCrowdName(parts: readonly Part[], at: number): string {
  const t = useText();
  const intl = useIntl();
  const times = useTimes();
  const names = useAppShallow((state) =>
    labels(
      state,
      parts.flatMap((part) => [...part.names, part.by ?? '']),
    ),
  );
  let index = 0;
  const words = parts.map((part) => {
    const shown = names.slice(index, index + part.names.length);
    const by = names[index + part.names.length] ?? '';
    index += part.names.length + 1;
    const list = intl.formatList(shown, { type: 'conjunction' });
    return t(sentences[part.move], { names: list, count: part.names.length, by });
  });
  return t('messages.row.system', { time: times.clock(at), words: words.join(' ') });
}
