import * as Aria from '@ariakit/react/combobox';
import { Calendar, Clock, X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useIntl } from 'react-intl';
import { ChannelIcon } from '@/features/channels/ChannelIcon';
import { useChannelName } from '@/features/channels/names';
import { UserAvatar } from '@/features/people/UserAvatar';
import { Text, useText } from '@/i18n/text';
import { displayName, fullName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import { type Completion, takesDay } from './complete';
import styles from './SearchBox.module.css';

export interface ProposalsProps {
  list: readonly Completion[];
  /** Nothing has been typed yet. */
  empty: boolean;
  text: string;
  caret: number;
  /** The box that the list is as wide as. */
  anchor: RefObject<HTMLElement | null>;
  onChoose: (one: Completion) => void;
  onForget: (terms: string) => void;
  /** A day of the calendar was picked. */
  onDay: (date: string) => void;
}

const keyOf = (one: Completion): string => {
  switch (one.kind) {
    case 'recent':
      return `recent ${one.terms}`;
    case 'filter':
      return `filter ${one.name}`;
    case 'person':
      return one.userId;
    case 'channel':
      return one.channelId;
    case 'day':
      return one.day;
  }
};

/** Proposals is the list below the search box. */
export function Proposals({ list, empty, text, caret, anchor, onChoose, onForget, onDay }: ProposalsProps) {
  const t = useText();
  const day = takesDay(text, caret);
  const recent = list.filter((one) => one.kind === 'recent');
  const others = list.filter((one) => one.kind !== 'recent');
  if (list.length === 0 && !day) return null;
  return (
    <Aria.ComboboxPopover
      className={styles.list}
      gutter={6}
      portal
      sameWidth
      unmountOnHide
      fitViewport
      getAnchorRect={() => anchor.current?.getBoundingClientRect() ?? null}
      aria-label={t('search.proposals')}
    >
      {recent.length > 0 && (
        <Aria.ComboboxGroup>
          <Aria.ComboboxGroupLabel className={styles.groupLabel}>
            <Text id="search.recent" />
          </Aria.ComboboxGroupLabel>
          {recent.map((one) => (
            <div key={keyOf(one)} className={styles.recent}>
              <Item one={one} onChoose={onChoose}>
                <Clock size={16} className={styles.sign} aria-hidden="true" />
                <span className={styles.words}>{one.terms}</span>
              </Item>
              <IconButton
                size="s"
                noTooltip
                tabIndex={-1}
                label={t('search.forget', { terms: one.terms })}
                icon={<X size={14} />}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onForget(one.terms)}
              />
            </div>
          ))}
        </Aria.ComboboxGroup>
      )}
      {others.length > 0 && (
        <Aria.ComboboxGroup>
          {others[0]?.kind === 'filter' && (
            <Aria.ComboboxGroupLabel className={styles.groupLabel}>
              <Text id="search.filters" />
            </Aria.ComboboxGroupLabel>
          )}
          {others.map((one) => (
            <Item key={keyOf(one)} one={one} onChoose={onChoose}>
              <Content one={one} />
            </Item>
          ))}
        </Aria.ComboboxGroup>
      )}
      {day && <OtherDay onDay={onDay} />}
      {empty && (
        <p className={styles.syntax}>
          <Text id="search.syntax" values={{ code: (parts: ReactNode[]) => <code>{parts}</code> }} />
        </p>
      )}
    </Aria.ComboboxPopover>
  );
}

function Item({
  one,
  onChoose,
  children,
}: {
  one: Completion;
  onChoose: (one: Completion) => void;
  children: ReactNode;
}) {
  return (
    <Aria.ComboboxItem
      className={styles.item}
      hideOnClick={one.kind === 'recent'}
      setValueOnClick={false}
      focusOnHover
      onClick={() => onChoose(one)}
    >
      {children}
    </Aria.ComboboxItem>
  );
}

function Content({ one }: { one: Exclude<Completion, { kind: 'recent' }> | Completion }) {
  switch (one.kind) {
    case 'recent':
      return null;
    case 'filter':
      return (
        <>
          <code className={styles.filter}>
            {one.not ? '-' : ''}
            {one.name}:
          </code>
          <span className={styles.words}>
            <Text id={`search.filter.${one.name}`} />
          </span>
        </>
      );
    case 'person':
      return <Person userId={one.userId} username={one.username} />;
    case 'channel':
      return <Channel channelId={one.channelId} value={one.value} />;
    case 'day':
      return <Day day={one.day} date={one.date} />;
  }
}

function Person({ userId, username }: { userId: string; username: string }) {
  const name = useApp((state) => {
    const user = state.users.profiles[userId];
    const shown = displayName(state, userId);
    return shown === username && user ? fullName(user) : shown;
  });
  return (
    <>
      <UserAvatar userId={userId} size={24} />
      <span className={styles.words}>{username}</span>
      {name && name !== username && <span className={styles.more}>{name}</span>}
    </>
  );
}

function Channel({ channelId, value }: { channelId: string; value: string }) {
  const name = useChannelName(channelId);
  return (
    <>
      <ChannelIcon channelId={channelId} size={20} />
      <span className={styles.words}>{name}</span>
      {name !== value && <span className={styles.more}>{value}</span>}
    </>
  );
}

function Day({ day, date }: { day: 'today' | 'yesterday' | 'week' | 'month'; date: string }) {
  const intl = useIntl();
  return (
    <>
      <Calendar size={16} className={styles.sign} aria-hidden="true" />
      <span className={styles.words}>
        <Text id={`search.day.${day}`} />
      </span>
      <span className={styles.more} data-figures>
        {intl.formatDate(`${date}T12:00`, { dateStyle: 'medium' })}
      </span>
    </>
  );
}

/** Any other day is picked in the calendar of the system. */
function OtherDay({ onDay }: { onDay: (date: string) => void }) {
  return (
    <label className={styles.otherDay}>
      <Text id="search.day.other" />
      <input
        type="date"
        className={styles.date}
        onKeyDown={(event) => event.stopPropagation()}
        onChange={(event) => {
          // While a year is typed it begins with noughts.
          if (/^[1-9]\d{3}-/.test(event.target.value)) onDay(event.target.value);
        }}
      />
    </label>
  );
}
