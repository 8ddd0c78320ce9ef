import { SmilePlus } from 'lucide-react';
import { memo } from 'react';
import { useIntl } from 'react-intl';
import { customEmojiUrl } from '@/features/emoji/custom';
import { preloadEmojis } from '@/features/emoji/EmojiPopover';
import { useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { needUsers } from '@/realtime/load';
import { postOf } from '@/store/posts';
import { type Marks, type Tally, tally } from '@/store/reactions';
import { displayName, setting } from '@/store/selectors';
import { getState, type State, useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { attempt, toggleReaction } from './actions';
import type { Where } from './acts';
import { hideTip, pickReaction, showTip } from './layers';
import styles from './Reactions.module.css';
import { mayReact } from './rights';

export interface ReactionsProps {
  channelId: string;
  postId: string;
  where: Where;
  marks: Marks;
}

const may = (state: State, channelId: string, postId: string): boolean => {
  const post = postOf(state.posts, channelId, postId);
  return post !== undefined && mayReact(state, post);
};

/** Reactions are the emojis below a message, each with how many people used it. A press adds one's own or takes it. */
export const Reactions = memo(function Reactions({ channelId, postId, where, marks }: ReactionsProps) {
  const list = tally(marks);
  return list.length > 0 ? <Chips channelId={channelId} postId={postId} where={where} list={list} /> : null;
});

function Chips({ channelId, postId, where, list }: Omit<ReactionsProps, 'marks'> & { list: readonly Tally[] }) {
  const t = useText();
  const { locale } = useIntl();
  const allowed = useApp((state) => may(state, channelId, postId));
  const most = useApp((state) => Number(setting(state, 'UniqueEmojiReactionLimitPerPost')) || 50);
  return (
    <fieldset className={styles.chips} aria-label={t('messages.reactions')}>
      {list.map((one) => (
        <Chip key={one.emoji} channelId={channelId} postId={postId} one={one} allowed={allowed} />
      ))}
      {allowed && list.length < most && (
        <button
          type="button"
          className={cx(styles.chip, styles.add)}
          aria-label={t('messages.act.react')}
          aria-haspopup="dialog"
          onPointerEnter={() => preloadEmojis(locale)}
          onClick={(event) => pickReaction({ channelId, postId, where }, event.currentTarget)}
        >
          <SmilePlus size={16} aria-hidden="true" />
        </button>
      )}
    </fieldset>
  );
}

type ChipProps = { channelId: string; postId: string; one: Tally; allowed: boolean };

function Chip({ channelId, postId, one, allowed }: ChipProps) {
  const t = useText();
  const intl = useIntl();
  const own = useApp((state) => one.userIds.includes(state.users.me));
  const url = useApp((state) => customUrl(state, channelId, postId, one.emoji));
  const count = one.userIds.length;
  const who = () => {
    void needUsers(one.userIds);
    const names = namesOf(one.userIds, intl, t);
    if (own) return t('messages.reactedWithYou', { names, emoji: one.emoji });
    return t('messages.reactedWith', { names, emoji: one.emoji, count });
  };
  return (
    <button
      type="button"
      className={styles.chip}
      aria-pressed={own}
      aria-disabled={!allowed || undefined}
      aria-label={t('messages.reaction', { emoji: one.emoji, count })}
      onPointerEnter={(event) => event.pointerType !== 'touch' && showTip(event.currentTarget, who)}
      onPointerLeave={hideTip}
      onFocus={(event) => event.target.matches(':focus-visible') && showTip(event.currentTarget, who)}
      onBlur={hideTip}
      onClick={() => {
        hideTip();
        if (allowed) void attempt(toggleReaction(channelId, postId, one.emoji));
      }}
    >
      <span className={styles.emoji}>
        <Emoji name={one.emoji} url={url} decorative />
      </span>
      <span className={styles.count} aria-hidden="true">
        {count}
      </span>
    </button>
  );
}

function customUrl(state: State, channelId: string, postId: string, name: string): string | undefined {
  const listed = postOf(state.posts, channelId, postId)?.metadata.emojis;
  const found = listed?.find((one) => one.name === name);
  return found && 'id' in found ? `/api/v4/emoji/${found.id}/image` : customEmojiUrl(name);
}

const namedMost = 8;

/** The people who reacted: oneself first, then by name, the rest as a number. */
function namesOf(ids: readonly string[], intl: ReturnType<typeof useIntl>, t: ReturnType<typeof useText>): string {
  const state = getState();
  const { me } = state.users;
  const sorted = [...ids].sort((a, b) => Number(b === me) - Number(a === me));
  const shown = sorted.slice(0, namedMost).map((id) => (id === me ? t('messages.you') : displayName(state, id)));
  const rest = sorted.length - shown.length;
  if (rest > 0) shown.push(t('messages.others', { count: rest }));
  return intl.formatList(shown, { type: 'conjunction' });
}
