import { useEffect, useState } from 'react';

/** Arrival is what a page is about: on its way, there, or not to be had. */
export type Arrival<T> =
  | { kind: 'loading' }
  | { kind: 'here'; value: T }
  | { kind: 'failed'; error: unknown; retry: () => void };

/**
 * useArrival loads what a page is about. These pages are reached by links in mails, so no command has gone there
 * before. `key` names what is loaded: another key loads anew.
 */
export function useArrival<T>(key: string, load: () => Promise<T>): Arrival<T> {
  const [arrival, setArrival] = useState<Arrival<T>>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    setArrival({ kind: 'loading' });
    load().then(
      (value) => current && setArrival({ kind: 'here', value }),
      (error) => current && setArrival({ kind: 'failed', error, retry: () => setAttempt(attempt + 1) }),
    );
    return () => {
      current = false;
    };
  }, [key, attempt]);
  return arrival;
}
