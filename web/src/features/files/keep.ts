/**
 * Keeps the files of drafts on this device, once they have arrived: the server has the files, here is which of them
 * belong to which draft. Windows of one browser tell each other.
 */
import { type FileInfo, getFileInfo } from '@/api/files';
import { ApiError } from '@/api/http';
import { dispatch, getState, store } from '@/store/store';
import type { Upload, UploadsState } from '@/store/uploads';
import { isDraftPlace } from './attached';

const prefix = (me: string): string => `parley.files.${me}.`;

function isInfo(value: unknown): value is FileInfo {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, size, mime_type: mime } = value as Partial<Record<keyof FileInfo, unknown>>;
  return typeof id === 'string' && typeof name === 'string' && typeof size === 'number' && typeof mime === 'string';
}

function parse(value: string | null): FileInfo[] {
  try {
    const list: unknown = JSON.parse(value ?? '[]');
    return Array.isArray(list) ? list.filter(isInfo) : [];
  } catch {
    return [];
  }
}

/** uploadOf is a file that the server has, as one of a draft. */
export const uploadOf = (place: string, file: FileInfo): Upload => ({
  id: file.id,
  place,
  channelId: file.channel_id || (place.split(' ')[0] ?? ''),
  name: file.name,
  size: file.size,
  mime: file.mime_type,
  status: 'done',
  sent: file.size,
  file,
});

/** What has waited for long may have been cleared away meanwhile. */
async function check(upload: Upload): Promise<void> {
  try {
    await getFileInfo(upload.id);
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 403)) return;
    dispatch({ type: 'upload/failed', id: upload.id, failure: error.message, lost: true });
  }
}

function load(me: string): void {
  const uploads: Upload[] = [];
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix(me)))) {
      const place = key.slice(prefix(me).length);
      uploads.push(...parse(localStorage.getItem(key)).map((file) => uploadOf(place, file)));
    }
  } catch {
    // The storage may be forbidden: then drafts live as long as the page.
  }
  if (uploads.length === 0) return;
  dispatch({ type: 'uploads/added', uploads });
  for (const upload of uploads) void check(upload);
}

/** What has arrived, by draft. */
function wholeOf(uploads: UploadsState): Map<string, FileInfo[]> {
  const places = new Map<string, FileInfo[]>();
  for (const { place, status, file } of uploads) {
    if (status !== 'done' || !file || !isDraftPlace(place)) continue;
    places.set(place, [...(places.get(place) ?? []), file]);
  }
  return places;
}

function save(me: string, before: UploadsState, now: UploadsState): void {
  const [old, whole] = [wholeOf(before), wholeOf(now)];
  for (const place of new Set([...old.keys(), ...whole.keys()])) {
    const files = whole.get(place) ?? [];
    const had = old.get(place) ?? [];
    if (files.length === had.length && files.every((file, i) => file === had[i])) continue;
    try {
      if (files.length > 0) localStorage.setItem(prefix(me) + place, JSON.stringify(files));
      else localStorage.removeItem(prefix(me) + place);
    } catch {
      // As above.
    }
  }
}

/** watchFiles loads the files of one's drafts and keeps them from now on. It returns how to stop. */
export function watchFiles(): () => void {
  const { me } = getState().users;
  if (me) load(me);
  const stop = store.subscribe((state, before) => {
    if (state.users.me !== before.users.me) {
      if (state.users.me) load(state.users.me);
    } else if (state.uploads !== before.uploads) save(state.users.me, before.uploads, state.uploads);
  });
  const heard = (event: StorageEvent) => {
    const own = getState().users.me;
    if (!own || !event.key?.startsWith(prefix(own))) return;
    const place = event.key.slice(prefix(own).length);
    dispatch({ type: 'uploads/kept', place, uploads: parse(event.newValue).map((file) => uploadOf(place, file)) });
  };
  window.addEventListener('storage', heard);
  return () => {
    stop();
    window.removeEventListener('storage', heard);
  };
}
