import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useText } from '@/i18n/text';
import { postOf } from '@/store/posts';
import { getState } from '@/store/store';
import { cx } from '@/ui/cx';
import { late } from '@/ui/late';
import { attempt, markUnread } from './actions';
import { actOfKey, availableActs, openThread, perform, type Where } from './acts';
import { type RowFacts, useFacts } from './facts';
import { openMenu, type Spot, useHeld } from './layers';
import { Message } from './Message';
import styles from './MessageRow.module.css';
import { useRowName } from './rowName';
import { isNotice } from './system';
import { useLongPress } from './useLongPress';
import { useView } from './view';

const ActionBar = late(() => import('./ActionBar').then((module) => module.ActionBar), 'soon');

export interface MessageRowProps {
  channelId: string;
  postId: string;
  /** In its channel, in its thread, or in a list of found messages. */
  where: Where;
  /** With picture, name and time; false for one that follows another of the same author. */
  head?: boolean;
  /** The first of its thread here, where replies stand in the channel: says what it answers to. */
  comment?: boolean;
  /** One row of a list can be reached by Tab; the others by the arrow keys from there. */
  tabbable?: boolean;
  /** Lights up, because something led here. */
  flash?: boolean;
  /** What was searched for; it stands out. */
  searchTerms?: readonly string[];
}

/** MessageRow is one message: who, when, what, and all that can be done with it. It takes ids and reads the store. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const facts = useFacts(props.channelId, props.postId, props.where);
  return facts ? <Row {...props} facts={facts} /> : null;
});

/** Presses on these do something of their own. */
const controls =
  'a, button, input, textarea, select, summary, label, img, [role="menu"], [role="dialog"], [contenteditable]';

const onControl = (event: MouseEvent): boolean =>
  event.target instanceof Element && event.target !== event.currentTarget && event.target.closest(controls) !== null;

/** A click opens the thread for those who wish so; with Alt it marks unread from here. */
function useClick(spot: Spot) {
  const { clickToReply, collapsed } = useView();
  const { channelId, postId, where } = spot;
  return useCallback(
    (event: MouseEvent) => {
      if (event.defaultPrevented || onControl(event)) return;
      if (event.altKey && where !== 'list') {
        event.preventDefault();
        void attempt(markUnread(channelId, postId));
        return;
      }
      const words = window.getSelection();
      const selecting = words !== null && !words.isCollapsed;
      if (selecting || !clickToReply || !collapsed || where !== 'channel') return;
      const post = postOf(getState().posts, channelId, postId);
      if (post && !post.pending && post.delete_at === 0 && !post.type.startsWith('system_'))
        openThread(channelId, postId);
    },
    [channelId, postId, where, clickToReply, collapsed],
  );
}

/** Letters act on the focused message. Moving between messages is the list's part. */
function useKeys(spot: Spot) {
  const t = useText();
  const { channelId, postId, where } = spot;
  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
      const here: Spot = { channelId, postId, where };
      const acts = availableActs(getState(), here);
      const act =
        event.key === 'Enter' ? acts.find((id) => id === 'jump' || id === 'reply') : actOfKey(event.key, acts);
      if (act) {
        event.preventDefault();
        perform(act, here, t, event.currentTarget);
      } else if (event.key === 'ContextMenu' || event.key === '.' || (event.key === 'F10' && event.shiftKey)) {
        event.preventDefault();
        openMenu(here, event.currentTarget);
      }
    },
    [channelId, postId, where, t],
  );
}

/** The bar of acts is in the page only while somebody is at the row. */
function useAttention(spot: Spot) {
  const [here, setHere] = useState(false);
  const held = useHeld(spot);
  const handlers = {
    onPointerEnter: (event: { pointerType: string }) => event.pointerType !== 'touch' && setHere(true),
    onPointerLeave: (event: { currentTarget: Element }) =>
      setHere(
        event.currentTarget.contains(document.activeElement) && event.currentTarget.matches(':has(:focus-visible)'),
      ),
    onFocus: (event: FocusEvent) => event.target.matches(':focus-visible') && setHere(true),
    onBlur: (event: FocusEvent) =>
      !event.currentTarget.contains(event.relatedTarget) && !event.currentTarget.matches(':hover') && setHere(false),
  };
  return { attended: here || held, handlers };
}

/** The focus comes back to the row when its text is no longer edited. */
function useReturn(editing: boolean, row: React.RefObject<HTMLElement | null>): void {
  const before = useRef(editing);
  useEffect(() => {
    if (before.current && !editing && (!document.activeElement || document.activeElement === document.body))
      row.current?.focus({ preventScroll: true });
    before.current = editing;
  }, [editing, row]);
}

function Row(props: MessageRowProps & { facts: RowFacts }) {
  const { facts, where, head = true, comment, tabbable = true, flash, searchTerms } = props;
  const { post, editing } = facts;
  const spot: Spot = { channelId: post.channel_id, postId: post.id, where };
  const { compact } = useView();
  const row = useRef<HTMLElement>(null);
  const name = useRowName(facts);
  useReturn(editing, row);
  const { attended, handlers } = useAttention(spot);
  const onClick = useClick(spot);
  const onKeyDown = useKeys(spot);
  const press = useLongPress(spot);
  const showBar = attended && !editing && !post.pending && post.delete_at === 0;
  return (
    <article
      ref={row}
      className={cx(styles.row, head && styles.first, compact && styles.compact, attended && styles.attended)}
      data-message={post.id}
      data-compact={(compact && where === 'channel') || undefined}
      data-pending={post.pending}
      data-notice={isNotice(post) || undefined}
      data-flash={flash || undefined}
      data-editing={editing || undefined}
      aria-label={name}
      tabIndex={tabbable ? 0 : -1}
      onClick={onClick}
      onKeyDown={onKeyDown}
      {...handlers}
      {...press}
    >
      <Message facts={facts} where={where} head={head} comment={comment} searchTerms={searchTerms} />
      {showBar && <ActionBar spot={spot} />}
    </article>
  );
}
