import { useStore } from 'zustand';
import { useText } from '@/i18n/text';
import { told } from './announce';

/** Announcer is where screen readers hear of new messages. It stands once in the page. */
export function Announcer() {
  const t = useText();
  const { message, count } = useStore(told);
  const words = message
    ? t('messages.told', { name: message.name, words: message.words })
    : count > 1
      ? t('messages.toldCount', { count })
      : '';
  return (
    <div className="visually-hidden" role="log" aria-live="polite" aria-atomic="true">
      {words}
    </div>
  );
}
