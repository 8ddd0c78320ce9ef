/** Files: uploads with their progress, addresses of what is kept, search. */
import type { FileInfo, FileSearchResults } from '@mattermost/types/files';
import { answerOf, apiUrl, get, headersOf, post, type Query, unreachable } from './http';

export type { FileInfo };

/** FoundFiles is one page of found files; `file_infos` by id. */
export type FoundFiles = Pick<FileSearchResults, 'order'> & { file_infos: Record<string, FileInfo> };

/** fileUrl is the address of a file; with `download` the browser keeps it instead of showing it. */
export const fileUrl = (id: string, download = false): string =>
  apiUrl(`/files/${id}`, download ? { download: 1 } : undefined);
/** previewUrl is an image at the size of a screen, for those that say they have one. */
export const previewUrl = (id: string): string => apiUrl(`/files/${id}/preview`);
/** thumbnailUrl is the small form of the same. */
export const thumbnailUrl = (id: string): string => apiUrl(`/files/${id}/thumbnail`);

export const getFileInfo = (id: string): Promise<FileInfo> => get(`/files/${id}/info`);
export const getPublicLink = (id: string): Promise<{ link: string }> => get(`/files/${id}/link`);

export type FileSearch = { terms: string; page: number; per_page: number };
/** searchFiles searches the files of one team, or of all of one's teams with an empty id. */
export const searchFiles = (teamId: string, search: FileSearch, signal?: AbortSignal): Promise<FoundFiles> =>
  post(
    teamId ? `/teams/${teamId}/files/search` : '/files/search',
    { is_or_search: false, time_zone_offset: -new Date().getTimezoneOffset() * 60, ...search },
    undefined,
    signal,
  );

/** getFileStart is the beginning of a file, at most so many bytes. It throws an `ApiError` or an `AbortError`. */
export async function getFileStart(id: string, most: number, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await ask(fileUrl(id), { Range: `bytes=0-${most - 1}` }, signal);
  return (await response.arrayBuffer()).slice(0, most);
}

/** getFileBlob is a whole file, under a type that the caller vouches for. It throws like getFileStart. */
export async function getFileBlob(id: string, type: string, signal: AbortSignal): Promise<Blob> {
  const response = await ask(fileUrl(id), {}, signal);
  return new Blob([await response.arrayBuffer()], { type });
}

async function ask(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { headers: { ...headersOf('GET'), ...headers }, credentials: 'same-origin', signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw unreachable();
  }
  if (!response.ok) answerOf(response.status, await response.text());
  return response;
}

/** UploadSession is a file that comes in parts; `file_offset` is how much of it the server has. */
export type UploadSession = {
  id: string;
  channel_id?: string;
  filename: string;
  file_size: number;
  file_offset: number;
};

export const createUpload = (channelId: string, filename: string, size: number): Promise<UploadSession> =>
  post('/uploads', { channel_id: channelId, filename, file_size: size });
export const getUpload = (id: string): Promise<UploadSession> => get(`/uploads/${id}`);

/** Sending is how a body goes out: who is told how many of its bytes have gone, and what ends it. */
export type Sending = { onSent: (bytes: number) => void; signal: AbortSignal };

/** uploadFile sends a file at once; the answer is the file as it is kept. It throws an `ApiError` or an `AbortError`. */
export async function uploadFile(channelId: string, file: File, clientId: string, sending: Sending): Promise<FileInfo> {
  const form = new FormData();
  form.append('channel_id', channelId);
  form.append('client_ids', clientId);
  form.append('files', file, file.name);
  const { file_infos: infos } = await sendBody<{ file_infos: FileInfo[] }>('/files', {}, form, undefined, sending);
  const [info] = infos;
  if (!info) return answerOf(0, '');
  return info;
}

/** uploadPart sends the next bytes of a session. The answer is the file once it is whole, and nothing before. */
export const uploadPart = (id: string, part: Blob, sending: Sending): Promise<FileInfo | undefined> =>
  sendBody(`/uploads/${id}`, {}, part, 'application/octet-stream', sending);

/** By XMLHttpRequest: fetch tells nothing of a body that is under way. */
function sendBody<T>(
  path: string,
  query: Query,
  body: Blob | FormData,
  type: string | undefined,
  { onSent, signal }: Sending,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const abort = () => call.abort();
    const end = (done: () => void) => () => {
      signal.removeEventListener('abort', abort);
      done();
    };
    call.open('POST', apiUrl(path, query));
    for (const [name, value] of Object.entries(headersOf('POST'))) call.setRequestHeader(name, value);
    if (type) call.setRequestHeader('Content-Type', type);
    call.upload.onprogress = (event) => onSent(event.loaded);
    call.onload = end(() => {
      try {
        resolve(answerOf<T>(call.status, call.responseText));
      } catch (error) {
        reject(error);
      }
    });
    call.onerror = end(() => reject(unreachable()));
    call.ontimeout = call.onerror;
    call.onabort = end(() => reject(new DOMException('ended', 'AbortError')));
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    else call.send(body);
  });
}
