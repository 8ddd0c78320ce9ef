/** The whole client: words first, then the session, then the place that the address names. */
import { useEffect, useState } from 'react';
import { IntlProvider } from 'react-intl';
import { watchTabs } from '@/features/notify/tabs';
import {
  bestLocale,
  type Locale,
  loadTexts,
  onLocaleChosen,
  rememberedLocale,
  rememberLocale,
  wishedLocale,
} from '@/i18n/locale';
import { Text } from '@/i18n/text';
import { myProfile } from '@/store/selectors';
import { useApp } from '@/store/store';
import { ErrorState } from '@/ui/ErrorState';
import { LateWords } from '@/ui/late';
import { Toasts } from '@/ui/Toasts';
import { watchFirstScreen } from './firstScreen';
import { likelySignedIn } from './frame';
import { Routes } from './Routes';
import { Starting } from './Starting';
import { start } from './session';
import { Updates } from './Updates';

function useLocale(): Locale {
  const own = useApp((state) => myProfile(state)?.locale);
  const [wished, setWished] = useState(wishedLocale);
  useEffect(() => onLocaleChosen(() => setWished(wishedLocale())), []);
  const ready = useApp((state) => state.server.ready);
  useEffect(() => {
    if (own) rememberLocale(bestLocale([own]));
  }, [own]);
  if (own) return bestLocale([own]);
  return !ready && likelySignedIn() ? rememberedLocale() : wished;
}

export function App() {
  const locale = useLocale();
  const [texts, setTexts] = useState<{ locale: Locale; messages: Record<string, string> }>();
  useEffect(() => {
    let current = true;
    void loadTexts(locale).then((messages) => {
      if (!current) return;
      document.documentElement.lang = locale;
      setTexts({ locale, messages });
    });
    return () => {
      current = false;
    };
  }, [locale]);
  if (!texts) return <Starting />;
  return (
    <IntlProvider locale={texts.locale} messages={texts.messages}>
      <Session />
      <Toasts />
      <Updates />
      <LateWords />
    </IntlProvider>
  );
}

/** Milliseconds between tries of a page that found no server when it was opened. */
const retryEvery = 10_000;

function Session() {
  const ready = useApp((state) => state.server.ready);
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  useEffect(watchTabs, []);
  useEffect(watchFirstScreen, []);
  useEffect(() => {
    start().catch(setError);
  }, [attempt]);
  const again = () => {
    setError(undefined);
    setAttempt(attempt + 1);
  };
  // Who opens the page without a network sees it begin by itself as soon as there is one.
  const waiting = error !== undefined && !ready;
  useEffect(() => {
    if (!waiting) return;
    const quietly = () => setAttempt((n) => n + 1);
    const timer = setInterval(quietly, retryEvery);
    window.addEventListener('online', quietly);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', quietly);
    };
  }, [waiting]);
  if (ready) return <Routes />;
  if (error) {
    if (!navigator.onLine) return <ErrorState title={<Text id="app.noNetwork" />} onRetry={again} />;
    return <ErrorState title={<Text id="app.unreachable" />} error={error} onRetry={again} />;
  }
  return <Starting />;
}
