/** Keeps the service worker and says, once and quietly, that the server has a newer client than this page. */
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { useText } from '@/i18n/text';
import { toast } from '@/ui/toast';
import { registerWorker } from './offline';

export function Updates() {
  const t = useText();
  const [, navigate] = useLocation();
  // The worker is registered once; what it says is said in the language of that moment.
  const latest = useRef({ t, navigate });
  latest.current = { t, navigate };
  useEffect(() => {
    registerWorker(
      (reload) => {
        const { t } = latest.current;
        toast({ text: t('app.update'), action: { label: t('app.update.reload'), onSelect: reload } });
      },
      (path) => latest.current.navigate(path),
    );
  }, []);
  return null;
}
