import { CalendarClock, CircleAlert, SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useId, useRef } from 'react';
import { openThread } from '@/features/messages/acts';
import { mayEdit, mayReply } from '@/features/messages/rights';
import { underWay } from '@/features/messages/sending';
import { useView } from '@/features/messages/view';
import { useText } from '@/i18n/text';
import { startEditing } from '@/store/commands';
import { draftKey } from '@/store/drafts';
import { postOf } from '@/store/posts';
import { priorityIn } from '@/store/priorities';
import { scheduledIn } from '@/store/scheduled';
import { channelLabel, setting } from '@/store/selectors';
import { type State, useApp } from '@/store/store';
import { cx } from '@/ui/cx';
import { IconButton } from '@/ui/IconButton';
import { Later, late } from '@/ui/late';
import { useQuiet } from '@/ui/quiet';
import { ClosedNote } from './ClosedNote';
import styles from './Composer.module.css';
import { closedBy } from './closed';
import { readCommand } from './commandList';
// Where one can write one can also edit: messages get the box for it.
import './EditBox';
import { awaitComposer, type MessageBoxHandle, mayTakeFocus, registerBox, type Where, watchStrayKeys } from './focus';
import type { LaterButtonProps } from './LaterButton';
import { MessageBox } from './MessageBox';
import { mayBurn, mayPrioritise } from './priority';
import { charactersLeft, messageMost, newest } from './submit';
import { TypingLine } from './TypingLine';
import { tellTyping } from './typing';
import { useDraft } from './useDraft';
import { useFiles } from './useFiles';
import { useSubmit } from './useSubmit';

const UploadList = late(() => import('@/features/files/UploadList').then((module) => module.UploadList), 'soon');
const LaterButton = late(() => import('./LaterButton').then((module) => module.LaterButton), 'soon');
const PriorityButton = late(() => import('./PriorityButton').then((module) => module.PriorityButton), 'soon');
const PriorityLine = late(() => import('./PriorityLine').then((module) => module.PriorityLine));
const ScheduledLine = late(() => import('./ScheduledLine').then((module) => module.ScheduledLine), 'soon');
const EveryoneDialog = late(() => import('./EveryoneDialog').then((module) => module.EveryoneDialog));

export interface ComposerProps {
  channelId: string;
  /** The thread that one answers in; none for the channel itself. */
  rootId?: string;
  /** Where it stands: keys and shortcuts find it there. */
  where?: Where;
}

/** Composer is the message box of a channel or thread, or the sentence that says why there is none. */
export function Composer({ channelId, rootId = '', where = 'centre' }: ComposerProps) {
  const closed = useApp((state) => closedBy(state, channelId));
  if (closed) return <ClosedNote channelId={channelId} reason={closed} />;
  return <Open key={draftKey(channelId, rootId)} channelId={channelId} rootId={rootId} where={where} />;
}

function Open({ channelId, rootId, where }: Required<ComposerProps>) {
  const t = useText();
  const id = useId();
  const box = useRef<MessageBoxHandle>(null);
  const draft = useDraft(channelId, rootId, box);
  const name = useApp((state) => nameOfPlace(state, channelId));
  const root = useRef<HTMLDivElement>(null);
  const focus = useCallback(() => box.current?.focus(), []);
  const files = useFiles(channelId, rootId, name, root, focus);
  const submit = useSubmit({ channelId, rootId, draft, box, files: files.some });
  const most = useApp(messageMost);
  const left = charactersLeft(draft.text, most);
  const note =
    left !== undefined && left < 0
      ? { kind: 'error', text: t('composer.tooLong', { over: -left }) }
      : (submit.note ?? files.note);
  const ready = (files.some || draft.text.trim() !== '') && (left ?? 0) >= 0;
  const { centered } = useView();
  const waiting = useApp((state) => scheduledIn(state, channelId, rootId).length > 0);
  const marks = useApp((state) => mayPrioritise(state, rootId) || mayBurn(state, channelId, rootId));
  const marked = useApp((state) => marks && priorityIn(state, channelId, rootId) !== undefined);
  const burns = useApp((state) => marks && priorityIn(state, channelId, rootId)?.burn === true);
  // What disappears is written for now.
  const later = useApp((state) => setting(state, 'ScheduledPosts') === 'true') && !burns;
  useArrival(box, where);

  return (
    <div ref={root} className={cx(styles.composer, centered && styles.centered)} data-composer={where}>
      {marked && <PriorityLine channelId={channelId} rootId={rootId} />}
      {waiting && <ScheduledLine channelId={channelId} rootId={rootId} />}
      <MessageBox
        ref={box}
        channelId={channelId}
        value={draft.text}
        onChange={(text) => {
          draft.write(text);
          submit.clear();
          files.clear();
          if (text.trim() && !text.startsWith('/')) tellTyping(channelId, rootId);
        }}
        onSubmit={submit.go}
        onKey={(event) => draft.text === '' && upKey(event, channelId, rootId)}
        onBlur={draft.keep}
        label={rootId ? t('composer.labelReply') : t('composer.label', { name })}
        placeholder={rootId ? t('composer.placeholderReply') : t('composer.placeholder', { name })}
        commands
        onFiles={files.add}
        attached={files.some && <UploadList place={files.place} onEmpty={focus} />}
        invalid={(left ?? 0) < 0}
        describedBy={`${id}-note`}
      >
        {marks && <PriorityPlace channelId={channelId} rootId={rootId} />}
        {later && (
          <LaterPlace
            channelId={channelId}
            rootId={rootId}
            message={draft.text}
            // A command is carried out now or never.
            ready={ready && !readCommand(draft.text)?.known}
            className={styles.send}
            onDone={() => draft.write('')}
          />
        )}
        <IconButton
          label={t('composer.send')}
          icon={<SendHorizontal />}
          aria-disabled={!ready || undefined}
          className={cx(styles.send, ready && styles.ready)}
          // The field keeps the focus: on a phone the keyboard stays up.
          onMouseDown={(event) => event.preventDefault()}
          onClick={submit.go}
        />
      </MessageBox>
      <div className={styles.line} data-note={note?.kind}>
        <span id={`${id}-note`} className={styles.note} role="status" data-kind={note?.kind}>
          {note?.text}
        </span>
        {!note && <TypingLine channelId={channelId} rootId={rootId} />}
        {left !== undefined && left >= 0 && (
          <span className={styles.left} data-figures>
            {t('composer.left', { left })}
          </span>
        )}
      </div>
      {submit.everyone && (
        <Later onFail={submit.everyone.onClose}>
          <EveryoneDialog {...submit.everyone} />
        </Later>
      )}
    </div>
  );
}

/** LaterPlace holds the place of the button until the page is quiet: the first message needs no button for later. */
function LaterPlace(props: LaterButtonProps) {
  const t = useText();
  const place = (
    <IconButton label={t('composer.later')} icon={<CalendarClock />} className={props.className} aria-disabled />
  );
  return useQuiet() ? (
    <Later fallback={place}>
      <LaterButton {...props} />
    </Later>
  ) : (
    place
  );
}

/** PriorityPlace does so for the button that marks a message. */
function PriorityPlace(props: { channelId: string; rootId: string }) {
  const t = useText();
  const place = <IconButton label={t('composer.priority')} icon={<CircleAlert />} aria-disabled />;
  return useQuiet() ? (
    <Later fallback={place}>
      <PriorityButton {...props} />
    </Later>
  ) : (
    place
  );
}

function nameOfPlace(state: State, channelId: string): string {
  const channel = state.channels.channels[channelId];
  return channel ? channelLabel(state, channel) : '';
}

/** In an empty box ↑ edits one's last message, and Shift+↑ answers to the last one of the channel. */
function upKey(event: KeyboardEvent, channelId: string, rootId: string): boolean {
  if (event.key !== 'ArrowUp' || event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing)
    return false;
  const fits = (may: typeof mayReply, own: boolean) => (state: State, id: string) => {
    const post = postOf(state.posts, channelId, id);
    return post !== undefined && (!own || post.user_id === state.users.me) && may(state, post);
  };
  if (event.shiftKey) {
    const last = rootId ? undefined : newest(channelId, rootId, fits(mayReply, false));
    if (last) {
      openThread(channelId, last);
      awaitComposer('pane');
    }
    return last !== undefined;
  }
  const edit = () => {
    const own = newest(
      channelId,
      rootId,
      fits((state, post) => mayEdit(state, post), true),
    );
    if (own) startEditing({ channelId, postId: own, where: rootId ? 'pane' : 'centre' });
    return own !== undefined;
  };
  const sending = underWay(channelId);
  if (!sending) return edit();
  // What has just been sent is meant, unless somebody goes on writing until it can be edited.
  const box = event.target as HTMLTextAreaElement;
  void sending.then(() => box.value === '' && edit());
  return true;
}

/** The box of a place that opens takes the focus, unless somebody is writing elsewhere. */
function useArrival(box: { current: MessageBoxHandle | null }, where: Where): void {
  useEffect(() => {
    if (!box.current) return;
    const leave = registerBox(where, box.current);
    const stop = where === 'centre' ? watchStrayKeys() : undefined;
    if (mayTakeFocus()) box.current.focus();
    return () => {
      leave();
      stop?.();
    };
  }, [box, where]);
}
