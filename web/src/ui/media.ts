import { useSyncExternalStore } from 'react';

/** useMedia says whether a media query holds, and follows it. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => window.matchMedia(query).matches,
  );
}

/** useCoarse says whether one points with a finger. */
export const useCoarse = (): boolean => useMedia('(pointer: coarse)');
/** usePhone says whether there is room for one pane at a time. */
export const usePhone = (): boolean => useMedia('(max-width: 767px)');
