import { useCallback, useEffect, useRef, useState } from 'react';

/** Loaded is what a dialog or a part of one shows and nothing else needs. */
export type Loaded<T> = { value?: T; error?: unknown; reload: () => Promise<void> };

/** useLoaded asks for it when the part is opened, and again on demand; what is there stands until the next answer. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ value?: T; error?: unknown }>({});
  const latest = useRef(load);
  latest.current = load;
  const gone = useRef(false);
  const reload = useCallback(async () => {
    try {
      const value = await latest.current();
      if (!gone.current) setState({ value });
    } catch (error) {
      if (!gone.current) setState((before) => ({ ...before, error }));
    }
  }, []);
  useEffect(() => {
    gone.current = false;
    void reload();
    return () => {
      gone.current = true;
    };
  }, [reload]);
  return { ...state, reload };
}
