/**
 * Files on their way to the server, and those that wait in a message that is being written. Like everything here these
 * are facts that may come late: what was cancelled stays cancelled, and what has arrived stays there.
 */
import type { FileInfo } from '@mattermost/types/files';

/** Upload is one file of a message to be. */
export type Upload = {
  /** The client's own id. */
  id: string;
  /** What it belongs to: the key of a draft (`draftKey`), or the id of a message that waits for it. */
  place: string;
  channelId: string;
  name: string;
  /** In bytes. */
  size: number;
  mime: string;
  /** The address of an image to show meanwhile. */
  picture?: string;
  /** `cut`: the connection was lost, and it goes on by itself. `failed`: it doesn't. */
  status: 'queued' | 'sending' | 'cut' | 'failed' | 'done';
  /** How many bytes have gone out. */
  sent: number;
  /** Why it failed, in words. */
  failure?: string;
  /** There is nothing to send again: what the server had is gone. */
  lost?: boolean;
  /** The file as the server keeps it. */
  file?: FileInfo;
};

/** UploadsState lists them in the order in which they were chosen. */
export type UploadsState = readonly Upload[];

export type UploadsAction =
  | { type: 'uploads/added'; uploads: readonly Upload[] }
  /** What another window has left of the files of a draft that had arrived. */
  | { type: 'uploads/kept'; place: string; uploads: readonly Upload[] }
  | { type: 'uploads/removed'; ids: readonly string[] }
  /** The draft has become a message. */
  | { type: 'uploads/moved'; from: string; to: string }
  | { type: 'upload/started'; id: string }
  | { type: 'upload/progress'; id: string; sent: number }
  | { type: 'upload/cut'; id: string }
  | { type: 'upload/failed'; id: string; failure: string; lost?: boolean }
  | { type: 'upload/done'; id: string; file: FileInfo }
  | { type: 'upload/again'; id: string };

type Status = Upload['status'];

function changed(
  state: UploadsState,
  id: string,
  from: readonly Status[],
  change: (upload: Upload) => Upload,
): UploadsState {
  const at = state.findIndex((upload) => upload.id === id);
  const upload = state[at];
  if (!upload || !from.includes(upload.status)) return state;
  return state.with(at, change(upload));
}

const open: readonly Status[] = ['queued', 'sending', 'cut'];

function again({ failure: _, ...upload }: Upload): Upload {
  return { ...upload, status: 'queued' };
}

/** uploads is the reducer of this domain. */
export function uploads(state: UploadsState, action: UploadsAction): UploadsState {
  switch (action.type) {
    case 'uploads/added': {
      const fresh = action.uploads.filter((upload) => !state.some(({ id }) => id === upload.id));
      return fresh.length === 0 ? state : [...state, ...fresh];
    }
    case 'uploads/kept':
      return kept(state, action.place, action.uploads);
    case 'uploads/removed':
      return state.some(({ id }) => action.ids.includes(id))
        ? state.filter(({ id }) => !action.ids.includes(id))
        : state;
    case 'uploads/moved':
      return state.some(({ place }) => place === action.from)
        ? state.map((upload) => (upload.place === action.from ? { ...upload, place: action.to } : upload))
        : state;
    case 'upload/started':
      return changed(state, action.id, ['queued', 'cut'], (upload) => ({ ...upload, status: 'sending' }));
    case 'upload/progress':
      return changed(state, action.id, ['sending'], (upload) => ({
        ...upload,
        sent: Math.max(0, Math.min(action.sent, upload.size)),
      }));
    case 'upload/cut':
      return changed(state, action.id, ['queued', 'sending'], (upload) => ({ ...upload, status: 'cut' }));
    case 'upload/failed':
      return changed(state, action.id, action.lost ? [...open, 'done'] : open, (upload) => ({
        ...upload,
        status: 'failed',
        failure: action.failure,
        ...(action.lost && { lost: true }),
      }));
    case 'upload/done':
      return changed(state, action.id, [...open, 'failed'], ({ failure: _, ...upload }) => ({
        ...upload,
        status: 'done',
        sent: upload.size,
        file: action.file,
      }));
    case 'upload/again':
      return changed(state, action.id, ['failed', 'cut'], (upload) => (upload.lost ? upload : again(upload)));
  }
}

function kept(state: UploadsState, place: string, now: readonly Upload[]): UploadsState {
  const files = new Set(now.map(({ file }) => file?.id));
  const stays = (upload: Upload) => upload.place !== place || upload.status !== 'done' || files.has(upload.file?.id);
  const known = new Set(state.filter((upload) => upload.place === place).map(({ file }) => file?.id));
  const fresh = now.filter(({ file }) => !known.has(file?.id));
  return fresh.length === 0 && state.every(stays) ? state : [...state.filter(stays), ...fresh];
}

/** uploadsAt lists the files of a draft, or of a message that waits for them. */
export const uploadsAt = (state: UploadsState, place: string): Upload[] =>
  state.filter((upload) => upload.place === place);

/** isOpen tells whether an upload has yet to end, well or badly. */
export const isOpen = ({ status }: Pick<Upload, 'status'>): boolean => open.includes(status);
