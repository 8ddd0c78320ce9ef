import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useIntl } from 'react-intl';
import { hasFiles } from '@/features/files/attached';
import { type Chosen, registerDrop } from '@/features/files/dropping';
import { sizeText } from '@/features/files/kinds';
import { mayAttach, mostFiles, type Refusal } from '@/features/files/limits';
import { uploading } from '@/features/files/uploading';
import { useText } from '@/i18n/text';
import { draftKey } from '@/store/drafts';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import type { Note } from './useSubmit';

/** Attaching is what a message box knows of the files of its draft. */
export interface Attaching {
  /** The draft, as the store's uploads call it. */
  place: string;
  /** Whether there are any. */
  some: boolean;
  /** Attaches files; missing where one may not send any. */
  add: ((chosen: Chosen) => void) | undefined;
  /** What was left out, and why. */
  note: Note | undefined;
  clear: () => void;
}

/** useFiles attaches files to the draft of a channel or thread: chosen, pasted, or dropped on the part of the page around `root`. */
export function useFiles(
  channelId: string,
  rootId: string,
  name: string,
  root: RefObject<HTMLElement | null>,
  focus: () => void,
): Attaching {
  const t = useText();
  const place = draftKey(channelId, rootId);
  const some = useApp((state) => hasFiles(state, place));
  const may = useApp((state) => mayAttach(state, channelId));
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const note = useRefusals(refused);
  const add = useCallback(
    (chosen: Chosen) => {
      const send = async () => {
        const { addFiles } = await uploading.load();
        const folders: Refusal[] = chosen.folders.length > 0 ? [{ kind: 'folder', names: chosen.folders }] : [];
        setRefused([...folders, ...addFiles(place, channelId, chosen.files)]);
      };
      void attempt(send());
      focus();
    },
    [place, channelId, focus],
  );
  const adding = may ? add : undefined;
  useDrop(root, t(rootId ? 'files.dropReply' : 'files.drop', { name }), adding);
  const clear = useCallback(() => setRefused((now) => (now.length > 0 ? [] : now)), []);
  return useMemo(() => ({ place, some, add: adding, note, clear }), [place, some, adding, note, clear]);
}

/** Files can be dropped anywhere on the channel or the pane that the box belongs to. */
function useDrop(root: RefObject<HTMLElement | null>, label: string, add: Attaching['add']): void {
  const latest = useRef(add);
  latest.current = add;
  const may = add !== undefined;
  useEffect(() => {
    const element = root.current?.closest<HTMLElement>('[data-drop], main, section');
    if (!may || !element) return;
    return registerDrop({ element, label, onDrop: (chosen) => latest.current?.(chosen) });
  }, [root, label, may]);
}

function useRefusals(refused: readonly Refusal[]): Note | undefined {
  const t = useText();
  const { locale } = useIntl();
  const text = refused.map((one) => {
    if (one.kind === 'too-many') return t('files.refused.many', { count: one.count, most: mostFiles });
    const values = { name: one.names[0] ?? '', count: one.names.length };
    if (one.kind === 'folder') return t('files.refused.folder', values);
    return t('files.refused.large', { ...values, most: sizeText(one.most, locale) });
  });
  return text.length > 0 ? { kind: 'error', text: text.join(' ') } : undefined;
}
