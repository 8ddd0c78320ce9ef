/**
 * Sends files. The store says what is to be done: whatever is queued there is sent, a few at a time, in the order in
 * which it was chosen; whatever leaves the store is given up. So who cancels, retries or signs out only states that.
 */
import { createUpload, type FileInfo, getUpload, type Sending, uploadFile, uploadPart } from '@/api/files';
import { ApiError, answerOf } from '@/api/http';
import { dispatch, getState, store } from '@/store/store';
import { isOpen, type Upload, uploadsAt } from '@/store/uploads';
import { admit, largest, type Refusal } from './limits';

/** Larger files are sent in parts, so that a cut loses little; in bytes. */
export const partsFrom = 20_000_000;
/** A part is at most so large; in bytes. */
export const partSize = 8 * 1024 * 1024;
/** So many files are sent at once. */
export const atOnce = 3;
/** So often in a row a file is tried again by itself. */
const triesMost = 6;
/** How long it waits before that, in milliseconds; each time twice as long. */
const firstWait = 1_000;
const longestWait = 20_000;
/** Progress is told so often at most, in milliseconds. */
const tellEvery = 100;

/** Job is what sending a file needs beside what the store knows. */
type Job = {
  file: File;
  session?: string;
  call?: AbortController;
  tries: number;
  timer?: ReturnType<typeof setTimeout>;
};

const jobs = new Map<string, Job>();
let last = 0;

/** addFiles attaches files to a draft and begins to send them. It returns why some were left out. */
export function addFiles(place: string, channelId: string, chosen: readonly File[]): Refusal[] {
  const state = getState();
  const { taken, refused } = admit(uploadsAt(state.uploads, place).length, chosen, largest(state));
  const uploads = taken.map((file): Upload => {
    last += 1;
    const id = `${Date.now().toString(36)}-${last}`;
    jobs.set(id, { file, tries: 0 });
    const mime = file.type || 'application/octet-stream';
    const picture = mime.startsWith('image/') ? { picture: URL.createObjectURL(file) } : {};
    return { id, place, channelId, name: file.name, size: file.size, mime, status: 'queued', sent: 0, ...picture };
  });
  if (uploads.length > 0) dispatch({ type: 'uploads/added', uploads });
  return refused;
}

/** The first file that waits to be sent, if there is room for it. */
function due(): [Upload, Job] | undefined {
  if ([...jobs.values()].filter((job) => job.call).length >= atOnce) return undefined;
  for (const upload of getState().uploads) {
    const job = jobs.get(upload.id);
    if (upload.status === 'queued' && job && !job.call) return [upload, job];
  }
  return undefined;
}

let pumping = false;

/** pump begins what is queued. Beginning changes the store, which comes back here: that is left to the loop. */
function pump(): void {
  if (pumping) return;
  pumping = true;
  for (let next = due(); next; next = due()) void run(...next);
  pumping = false;
}

async function run(upload: Upload, job: Job): Promise<void> {
  const { id } = upload;
  const call = new AbortController();
  job.call = call;
  clearTimeout(job.timer);
  dispatch({ type: 'upload/started', id });
  try {
    const file = await (upload.size > partsFrom ? inParts(upload, job, call.signal) : whole(upload, job, call.signal));
    dispatch({ type: 'upload/done', id, file });
  } catch (error) {
    if (!call.signal.aborted) await stumbled(id, job, error);
  } finally {
    delete job.call;
    pump();
  }
}

const whole = ({ id, channelId }: Upload, { file }: Job, signal: AbortSignal): Promise<FileInfo> =>
  uploadFile(channelId, file, id, { onSent: teller(id, 0), signal });

/** A session goes on from where the server says it is. */
async function inParts(upload: Upload, job: Job, signal: AbortSignal): Promise<FileInfo> {
  const { id, size } = upload;
  let from = await resumed(upload, job);
  const session = job.session ?? '';
  for (;;) {
    const sending: Sending = { onSent: teller(id, from), signal };
    dispatch({ type: 'upload/progress', id, sent: from });
    const part = job.file.slice(from, Math.min(from + partSize, size));
    const file = await uploadPart(session, part, sending);
    if (file) return file;
    job.tries = 0;
    from = from + part.size < size ? from + part.size : (await getUpload(session)).file_offset;
    // Everything is there, and yet it is no file.
    if (from >= size) return answerOf(0, '');
  }
}

async function resumed(upload: Upload, job: Job): Promise<number> {
  if (job.session) {
    try {
      const { file_offset: offset } = await getUpload(job.session);
      if (offset < upload.size) return offset;
    } catch (error) {
      // The server has forgotten it: from the beginning, then.
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }
  const made = await createUpload(upload.channelId, upload.name, upload.size);
  job.session = made.id;
  return made.file_offset;
}

function teller(id: string, from: number): (bytes: number) => void {
  let told = 0;
  return (bytes) => {
    const now = Date.now();
    if (now - told < tellEvery) return;
    told = now;
    dispatch({ type: 'upload/progress', id, sent: from + bytes });
  };
}

/** What was cut goes on when there is a connection, and after a while; what the server refused doesn't. */
async function stumbled(id: string, job: Job, error: unknown): Promise<void> {
  const cut = error instanceof ApiError && error.offline;
  if (cut && !(await isReadable(job.file))) {
    dispatch({ type: 'upload/failed', id, failure: '', lost: true });
    return;
  }
  if (!cut || job.tries >= triesMost) {
    job.tries = 0;
    dispatch({ type: 'upload/failed', id, failure: error instanceof Error ? error.message : String(error) });
    return;
  }
  const wait = Math.min(longestWait, firstWait * 2 ** job.tries);
  job.tries++;
  dispatch({ type: 'upload/cut', id });
  job.timer = setTimeout(() => {
    // Without a connection it waits for one, however long that takes.
    if (getState().server.connection === 'online') goOn(id);
  }, wait);
}

/** A file that was changed or removed since it was chosen can't be read any more, which looks like a cut. */
async function isReadable(file: File): Promise<boolean> {
  if (file.size === 0) return true;
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function goOn(id: string): void {
  if (getState().uploads.find((upload) => upload.id === id)?.status === 'cut') dispatch({ type: 'upload/again', id });
}

function drop({ id, picture }: Upload): void {
  const job = jobs.get(id);
  jobs.delete(id);
  clearTimeout(job?.timer);
  job?.call?.abort();
  if (picture) URL.revokeObjectURL(picture);
}

store.subscribe((state, before) => {
  if (state.uploads !== before.uploads) {
    const stays = new Set(state.uploads.map(({ id }) => id));
    for (const upload of before.uploads) if (!stays.has(upload.id)) drop(upload);
    pump();
  }
  if (state.server.connection === 'online' && before.server.connection !== 'online') {
    for (const { id, status } of state.uploads) if (status === 'cut') goOn(id);
  }
});

// Who leaves now would lose what is under way: the browser asks first.
window.addEventListener('beforeunload', (event) => {
  if (getState().uploads.some((upload) => isOpen(upload) && jobs.has(upload.id))) event.preventDefault();
});
