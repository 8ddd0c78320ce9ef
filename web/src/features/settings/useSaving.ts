import { useCallback, useEffect, useRef, useState } from 'react';

/** Saving is how the last change of a setting fares. */
export type Saving = { kind: 'idle' } | { kind: 'saving' } | { kind: 'saved' } | { kind: 'failed'; error: unknown };

const idle: Saving = { kind: 'idle' };
/** How long it says "saved", in milliseconds. */
const savedFor = 2_500;

/** useSaving runs changes of one setting and tells how the last one fares. */
export function useSaving(): { saving: Saving; run: (act: () => Promise<unknown>) => Promise<boolean> } {
  const [saving, setSaving] = useState<Saving>(idle);
  const count = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      count.current += 1;
      clearTimeout(timer.current);
    },
    [],
  );
  const run = useCallback(async (act: () => Promise<unknown>) => {
    count.current += 1;
    const own = count.current;
    const tell = (next: Saving) => {
      if (own === count.current) setSaving(next);
    };
    clearTimeout(timer.current);
    tell({ kind: 'saving' });
    try {
      await act();
      tell({ kind: 'saved' });
      if (own === count.current) timer.current = setTimeout(() => setSaving(idle), savedFor);
      return true;
    } catch (error) {
      tell({ kind: 'failed', error });
      return false;
    }
  }, []);
  return { saving, run };
}
