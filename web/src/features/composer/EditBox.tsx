import { useEffect, useId, useRef, useState } from 'react';
import { edit } from '@/features/messages/actions';
import { type EditBoxProps, provideEditBox } from '@/features/messages/slots';
import { useText } from '@/i18n/text';
import { openDialog, stopEditing } from '@/store/commands';
import { postOf } from '@/store/posts';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { errorText } from '@/ui/FormError';
import styles from './Composer.module.css';
import type { MessageBoxHandle } from './focus';
import { MessageBox } from './MessageBox';
import { charactersLeft, messageMost } from './submit';

/** EditBox changes a message where it stands. Enter saves, Escape leaves it as it was. */
export function EditBox({ channelId, postId }: EditBoxProps) {
  const t = useText();
  const id = useId();
  const box = useRef<MessageBoxHandle>(null);
  const [text, setText] = useState(() => postOf(getState().posts, channelId, postId)?.message ?? '');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const left = charactersLeft(text, useApp(messageMost));
  const leave = useReturn(box);

  const save = async () => {
    if (busy || (left ?? 0) < 0) return;
    if (text.trim() === '') {
      leave();
      openDialog({ kind: 'delete-post', channelId, postId });
      return;
    }
    setBusy(true);
    setError('');
    try {
      await edit(channelId, postId, text.trimEnd());
      leave();
    } catch (reason) {
      setError(errorText(reason));
      setBusy(false);
    }
  };
  return (
    <div className={styles.edit}>
      <MessageBox
        ref={box}
        channelId={channelId}
        value={text}
        onChange={(next) => {
          setText(next);
          setError('');
        }}
        onSubmit={() => void save()}
        onKey={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return false;
          leave();
          return true;
        }}
        label={t('composer.edit.label')}
        invalid={error !== '' || (left ?? 0) < 0}
        describedBy={`${id}-note`}
      >
        {null}
      </MessageBox>
      <div className={styles.editFoot}>
        <span
          id={`${id}-note`}
          className={styles.editNote}
          role="status"
          data-kind={error || (left ?? 0) < 0 ? 'error' : 'hint'}
        >
          {error || ((left ?? 0) < 0 ? t('composer.tooLong', { over: -(left ?? 0) }) : t('composer.edit.hint'))}
        </span>
        <Button kind="plain" onClick={leave}>
          {t('ui.cancel')}
        </Button>
        <Button kind="primary" busy={busy} aria-disabled={(left ?? 0) < 0 || undefined} onClick={() => void save()}>
          {t('composer.edit.save')}
        </Button>
      </div>
    </div>
  );
}

/** The box takes the focus with the caret at the end; afterwards it is back where it came from. */
function useReturn(box: { current: MessageBoxHandle | null }): () => void {
  const from = useRef<Element | null>(null);
  useEffect(() => {
    const field = box.current?.field();
    // Where the focus was before it came here for the first time.
    if (document.activeElement !== field) from.current = document.activeElement;
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }, [box]);
  return () => {
    stopEditing();
    const back = from.current;
    if (back instanceof HTMLTextAreaElement && back.isConnected) requestAnimationFrame(() => back.focus());
  };
}

provideEditBox(EditBox);
