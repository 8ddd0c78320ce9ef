import { useEffect, useRef } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { lateModule, startLate } from '@/ui/late';

const watching = lateModule(() => import('./watching'));

/** useNotifications notifies of messages, and keeps the title and the icons of the page, as long as somebody is signed in. */
export function useNotifications(): void {
  const t = useText();
  const me = useApp((state) => state.users.me);
  const words = useRef(t);
  useEffect(() => {
    words.current = t;
  }, [t]);
  useEffect(() => {
    if (!me) return;
    return startLate(watching, ({ watchMessages }) =>
      watchMessages(
        () => words.current,
        (path) => navigate(path),
      ),
    );
  }, [me]);
  useEffect(() => (me ? startLate(watching, ({ watchTitle }) => watchTitle(t)) : undefined), [me, t]);
}
