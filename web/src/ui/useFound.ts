import { useEffect, useRef, useState } from 'react';

/** Found is a page of what fits, or why it isn't there. */
export type Found<T> = { value?: T; error?: unknown; reload: () => Promise<void> };

/** useFound asks again whenever what is asked changes, a moment after the last key; an answer that comes late is left. */
export function useFound<T>(ask: () => Promise<T>, about: string): Found<T> {
  const [state, setState] = useState<{ value?: T; error?: unknown }>({});
  const latest = useRef(ask);
  latest.current = ask;
  const turn = useRef(0);
  const reload = async () => {
    turn.current += 1;
    const own = turn.current;
    try {
      const value = await latest.current();
      if (own === turn.current) setState({ value });
    } catch (error) {
      if (own === turn.current) setState({ error });
    }
  };
  const again = useRef(reload);
  again.current = reload;
  const first = useRef(true);
  useEffect(() => {
    const timer = setTimeout(() => void again.current(), first.current ? 0 : 200);
    first.current = false;
    return () => clearTimeout(timer);
  }, [about]);
  return { ...state, reload };
}
