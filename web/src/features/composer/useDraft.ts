import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { draftKey } from '@/store/drafts';
import { getState, useApp } from '@/store/store';
import { saveDraft } from './drafts';
import type { MessageBoxHandle } from './focus';

/** Kept after so many milliseconds without a key, and when one leaves. */
const keepAfter = 400;

/** DraftText is a text that is kept while it is written. */
export interface DraftText {
  text: string;
  write(text: string): void;
  /** keep saves what stands there now. */
  keep(): void;
}

/** useDraft is the text of a message box: what was left there before, or written in another window meanwhile. */
export function useDraft(channelId: string, rootId: string, box: RefObject<MessageBoxHandle | null>): DraftText {
  const key = draftKey(channelId, rootId);
  const stored = useApp((state) => state.drafts[key]?.message ?? '');
  const [text, setText] = useState(stored);
  const now = useRef(text);
  const known = useRef(stored);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const keep = useCallback(() => {
    clearTimeout(timer.current);
    saveDraft(channelId, rootId, now.current);
    known.current = getState().drafts[key]?.message ?? '';
  }, [channelId, rootId, key]);

  const write = useCallback(
    (next: string) => {
      now.current = next;
      setText(next);
      clearTimeout(timer.current);
      // What has been sent is no draft from then on; a window that opens now must not find it.
      if (next === '') keep();
      else timer.current = setTimeout(keep, keepAfter);
    },
    [keep],
  );

  // Another window wrote, or the drafts were loaded: the words come here, unless somebody is writing others here.
  useEffect(() => {
    if (stored === known.current) return;
    const untouched = now.current === known.current;
    known.current = stored;
    if (!untouched && document.hasFocus() && document.activeElement === box.current?.field()) return;
    clearTimeout(timer.current);
    now.current = stored;
    setText(stored);
  }, [stored, box]);

  useEffect(() => {
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      keep();
    };
  }, [keep]);
  return { text, write, keep };
}
