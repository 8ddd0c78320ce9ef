/** The files of drafts and of messages that wait for theirs, for who sends them. The sending itself is in `engine.ts`. */
import type { FileInfo } from '@/api/files';
import { dispatch, getState, type State, store } from '@/store/store';
import { isOpen, type Upload, uploadsAt } from '@/store/uploads';

/** hasFiles tells whether anything is attached to a draft or a waiting message. */
export const hasFiles = (state: State, place: string): boolean =>
  state.uploads.some((upload) => upload.place === place);

/** isDraftPlace tells a draft from a message that waits for its files. */
export const isDraftPlace = (place: string): boolean => place.includes(' ');

/** detach takes one file away; what is under way ends. */
export const detach = (id: string): void => dispatch({ type: 'uploads/removed', ids: [id] });

/** detachAll takes everything away from a place and returns what that was. */
export function detachAll(place: string): Upload[] {
  const all = uploadsAt(getState().uploads, place);
  if (all.length > 0) dispatch({ type: 'uploads/removed', ids: all.map(({ id }) => id) });
  return all;
}

/** attachAgain brings back what was taken away, as far as it had arrived. */
export function attachAgain(uploads: readonly Upload[]): void {
  const whole = uploads.filter(({ status }) => status === 'done').map(({ picture: _, ...upload }) => upload);
  if (whole.length > 0) dispatch({ type: 'uploads/added', uploads: whole });
}

/** tryAgain sends again what failed at a place. */
export function tryAgain(place: string): void {
  for (const { id, status } of uploadsAt(getState().uploads, place)) {
    if (status === 'failed') dispatch({ type: 'upload/again', id });
  }
}

/**
 * arrived resolves to the files of a place once nothing of it is under way; at once when that is so now. It rejects with
 * the reason, in words, when one failed.
 */
export function arrived(place: string): Promise<FileInfo[]> {
  return new Promise((resolve, reject) => {
    let stop: (() => void) | undefined;
    const look = (): boolean => {
      const all = uploadsAt(getState().uploads, place);
      if (all.some(isOpen)) return false;
      stop?.();
      const failed = all.find(({ status }) => status === 'failed');
      if (failed) reject(new Error(failed.failure));
      else resolve(all.flatMap(({ file }) => file ?? []));
      return true;
    };
    if (!look()) stop = store.subscribe(look);
  });
}
