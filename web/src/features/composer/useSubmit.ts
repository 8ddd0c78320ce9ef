import { type RefObject, useCallback, useRef, useState } from 'react';
import { ApiError } from '@/api/http';
import { useText } from '@/i18n/text';
import { getState } from '@/store/store';
import { errorText } from '@/ui/FormError';
import { lateModule } from '@/ui/late';
import { toast } from '@/ui/toast';
import type { CommandName, Written } from './commandList';
import type { MessageBoxHandle } from './focus';
import { takePriority } from './priority';
import { judge, sendMessage } from './submit';
import { doneTyping } from './typing';
import type { DraftText } from './useDraft';

const commands = lateModule(() => import('./commands'));

/** Note stands below the box: what is wrong with the message, or what to do next. */
export interface Note {
  kind: 'error' | 'hint';
  text: string;
}

interface Where {
  channelId: string;
  rootId: string;
  draft: DraftText;
  box: RefObject<MessageBoxHandle | null>;
  /** Files are attached. */
  files: boolean;
}

/** Submit sends what is written, and asks first where that is wise. */
export interface Submit {
  go: () => void;
  note?: Note;
  clear: () => void;
  /** Set while one is asked whether everyone should be notified. */
  everyone?: { count: number; here: boolean; onConfirm: () => void; onClose: () => void };
}

/** useSubmit is what happens on Enter. */
export function useSubmit({ channelId, rootId, draft, box, files }: Where): Submit {
  const t = useText();
  const [note, setNote] = useState<Note>();
  const [everyone, setEveryone] = useState<{ count: number; here: boolean }>();
  // The command that was warned about: sent again unchanged, it goes as words.
  const warned = useRef('');
  const busy = useRef(false);

  const away = (message: string, type?: 'me') => {
    // Kept with the draft, which is gone a line further.
    const priority = takePriority(channelId, rootId);
    draft.write('');
    doneTyping(channelId, rootId);
    void sendMessage(channelId, rootId, message, { type, priority });
  };

  const carry = async (name: CommandName, written: Written) => {
    if (busy.current) return;
    busy.current = true;
    try {
      const { carryOut, Unclear } = await commands.load();
      try {
        const done = await carryOut(name, written, channelId);
        if (done && 'send' in done) away(done.send, done.type);
        else {
          draft.write('');
          if (done) toast(t(done.tell));
        }
      } catch (error) {
        setNote({ kind: 'error', text: error instanceof Unclear ? t(error.id) : errorText(error) });
      }
    } catch (error) {
      setNote({ kind: 'error', text: errorText(error) });
    } finally {
      busy.current = false;
    }
  };

  // What this client doesn't know the server may, or an integration.
  const runThere = async (message: string, name: string) => {
    if (busy.current) return;
    busy.current = true;
    try {
      const { runOnServer } = await commands.load();
      await runOnServer(channelId, rootId, message);
      draft.write('');
      doneTyping(channelId, rootId);
    } catch (error) {
      if (error instanceof ApiError && error.id === 'api.command.execute_command.not_found.app_error') {
        warned.current = message;
        setNote({ kind: 'hint', text: t('composer.unknownCommand', { name }) });
      } else setNote({ kind: 'error', text: errorText(error) });
    } finally {
      busy.current = false;
    }
  };

  const go = () => {
    const message = draft.text;
    const settled = warned.current !== '' && warned.current === message;
    const verdict = judge(getState(), channelId, message, settled, files);
    setNote(undefined);
    switch (verdict.kind) {
      case 'command':
        if (verdict.written.known) void carry(verdict.written.known, verdict.written);
        return;
      case 'unknown-command':
        void runThere(message, verdict.name);
        return;
      case 'burning-files':
        setNote({ kind: 'error', text: t('composer.burn.noFiles') });
        return;
      case 'everyone':
        setEveryone(verdict);
        return;
      case 'send':
        away(message);
    }
  };

  const close = () => {
    setEveryone(undefined);
    requestAnimationFrame(() => box.current?.focus());
  };
  const clear = useCallback(() => setNote(undefined), []);
  return {
    go,
    note,
    clear,
    everyone: everyone && { ...everyone, onConfirm: () => away(draft.text), onClose: close },
  };
}
