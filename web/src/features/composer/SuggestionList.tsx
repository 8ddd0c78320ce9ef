import { AtSign, Hash, Terminal, UsersRound } from 'lucide-react';
import { memo, useEffect, useRef } from 'react';
import { ChannelIcon } from '@/features/channels/ChannelIcon';
import { UserAvatar } from '@/features/people/UserAvatar';
import { PersonTags } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { displayName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { takesWords } from './commandList';
import styles from './SuggestionList.module.css';
import type { Offer } from './suggester';
import type { Suggestion } from './suggestion';

interface SuggestionListProps {
  id: string;
  offer: Offer;
  onActivate: (index: number) => void;
  onAccept: (index: number) => void;
}

/** SuggestionList shows what the word at the caret can become. The focus stays in the text, which names the active one. */
export function SuggestionList({ id, offer, onActivate, onAccept }: SuggestionListProps) {
  const t = useText();
  const list = useRef<HTMLDivElement>(null);
  const { active, sections } = offer;
  useEffect(() => {
    list.current?.querySelector(`#${CSS.escape(`${id}-${active}`)}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, id]);
  let index = 0;
  if (offer.items.length === 0) {
    return (
      <div className={styles.list} role="status">
        <p className={styles.note} dir="auto">
          {offer.note}
        </p>
      </div>
    );
  }
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      tabIndex={0}
      aria-label={t('composer.suggestions')}
      className={styles.list}
      // A press must not take the focus from the text.
      onMouseDown={(event) => event.preventDefault()}
    >
      {sections.map((section) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
        <div key={section.id} role="group" aria-labelledby={`${id}-${section.id}`}>
          <div id={`${id}-${section.id}`} className={styles.title}>
            {t(`composer.suggest.${section.id}`)}
          </div>
          {section.items.map((item) => {
            const at = index++;
            return (
              <Option
                key={`${item.kind} ${item.id}`}
                id={`${id}-${at}`}
                index={at}
                item={item}
                active={at === active}
                outside={section.id === 'outside'}
                onActivate={onActivate}
                onAccept={onAccept}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

interface OptionProps extends Pick<SuggestionListProps, 'onActivate' | 'onAccept'> {
  id: string;
  index: number;
  item: Suggestion;
  active: boolean;
  outside: boolean;
}

const Option = memo(function Option({ id, index, item, active, outside, onActivate, onAccept }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the text
    // biome-ignore lint/a11y/useFocusableInteractive: the text has the focus and names the active option
    <div
      id={id}
      role="option"
      aria-selected={active}
      className={styles.option}
      onMouseMove={active ? undefined : () => onActivate(index)}
      onClick={() => onAccept(index)}
    >
      <Face item={item} outside={outside} />
    </div>
  );
});

function Face({ item, outside }: { item: Suggestion; outside: boolean }) {
  switch (item.kind) {
    case 'person':
      return <Person userId={item.id} outside={outside} />;
    case 'everyone':
      return <Everyone word={item.id} />;
    case 'group':
      return <Group item={item} />;
    case 'channel':
      return <Channel channelId={item.id} />;
    case 'other-channel':
      return (
        <>
          <Hash size={16} aria-hidden="true" />
          <span className={styles.name}>{item.label}</span>
          <span className={styles.hint}>{item.insert.trim()}</span>
        </>
      );
    case 'emoji':
      return (
        <>
          <span className={styles.emoji}>
            <Emoji name={item.name} url={item.url} decorative />
          </span>
          <span className={styles.name}>:{item.name}:</span>
          <span className={styles.hint}>{item.label}</span>
        </>
      );
    case 'command':
      return <Command item={item} />;
    case 'server-command':
      return (
        <>
          <Terminal size={16} aria-hidden="true" />
          <span className={styles.name} dir="auto">
            {item.label}
          </span>
          {item.hint && <span className={styles.words}>{item.hint}</span>}
          <span className={styles.hint} dir="auto">
            {item.description}
          </span>
        </>
      );
  }
}

function Person({ userId, outside }: { userId: string; outside: boolean }) {
  const t = useText();
  const name = useApp((state) => displayName(state, userId));
  const username = useApp((state) => state.users.profiles[userId]?.username ?? '');
  const own = useApp((state) => state.users.me === userId);
  return (
    <>
      <UserAvatar userId={userId} size={22} presence />
      <span className={styles.name} dir="auto">
        {name}
      </span>
      {name !== username && <span className={styles.hint}>@{username}</span>}
      <PersonTags userId={userId} />
      {own && <span className={styles.hint}>{t('composer.you')}</span>}
      {outside && <span className="visually-hidden">{t('composer.suggest.outside')}</span>}
    </>
  );
}

function Everyone({ word }: { word: string }) {
  const t = useText();
  const hint = word === 'here' ? 'composer.everyone.here' : 'composer.everyone.channel';
  return (
    <>
      <AtSign size={16} aria-hidden="true" />
      <span className={styles.name}>@{word}</span>
      <span className={styles.hint}>{t(hint)}</span>
    </>
  );
}

function Group({ item }: { item: Extract<Suggestion, { kind: 'group' }> }) {
  const t = useText();
  return (
    <>
      <UsersRound size={16} aria-hidden="true" />
      <span className={styles.name} dir="auto">
        {item.label}
      </span>
      <span className={styles.hint}>
        {item.insert.trim()} · {t('composer.suggest.people', { count: item.count })}
      </span>
    </>
  );
}

function Channel({ channelId }: { channelId: string }) {
  const channel = useApp((state) => state.channels.channels[channelId]);
  return (
    <>
      <ChannelIcon channelId={channelId} />
      <span className={styles.name} dir="auto">
        {channel?.display_name}
      </span>
      <span className={styles.hint}>~{channel?.name}</span>
    </>
  );
}

function Command({ item }: { item: Extract<Suggestion, { kind: 'command' }> }) {
  const t = useText();
  return (
    <>
      <Terminal size={16} aria-hidden="true" />
      <span className={styles.name}>/{item.name}</span>
      {takesWords(item.name) && <span className={styles.words}>{t(`composer.words.${item.name}`)}</span>}
      <span className={styles.hint}>{t(`composer.command.${item.name}`)}</span>
    </>
  );
}
