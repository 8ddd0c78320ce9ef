/**
 * One way to the server: same origin, session by cookie, CSRF token for writes, errors as `ApiError`.
 * Protocol: REST API v4 (docs/COMPATIBILITY.md).
 */

/** ApiError is a refusal of the server, or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** The public error id, such as `api.context.permissions.app_error`; `network` when no answer came. */
    readonly id: string,
    message: string,
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly requestId = '',
  ) {
    super(message);
  }

  /** offline tells that the server was not reached at all, so that trying again may help. */
  get offline(): boolean {
    return this.status === 0;
  }
}

export type Query = Record<string, string | number | boolean | undefined>;

export type RequestOptions = {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** The path stands beside `/api/v4`, not below it. */
  beside?: boolean;
};

type Listeners = { signedOut: () => void; words: (key: 'network' | 'answer') => string };

// The two things that this module can't know: what to do when the session has ended, and the reader's language.
const listeners: Listeners = { signedOut: () => undefined, words: (key) => key };

/** onSignedOut is called when the server no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  listeners.signedOut = listener;
}

/** setNetworkWords gives the sentences for failures that no server could word. */
export function setNetworkWords(words: Listeners['words']): void {
  listeners.words = words;
}

function cookie(name: string): string {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

/** apiUrl is the address of a route below `/api/v4`, for images and the websocket too. */
export function apiUrl(path: string, query?: Query): string {
  const url = `/api/v4${path}`;
  if (!query) return url;
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
  const text = params.toString();
  return text ? `${url}?${text}` : url;
}

function failure(status: number, body: unknown): ApiError {
  if (typeof body === 'object' && body !== null && 'id' in body && 'message' in body) {
    const requestId = 'request_id' in body ? String(body.request_id) : '';
    return new ApiError(String(body.id), String(body.message), status, requestId);
  }
  return new ApiError('answer', listeners.words('answer'), status);
}

// How far the server's clock is ahead of this machine's, in milliseconds; up to a second less, as answers tell it.
let ahead = 0;

/** serverTime is what the server's clock showed at a moment of this machine's clock, or up to a second earlier. */
export const serverTime = (at: number): number => at + ahead;

let connectionId = '';

/** setConnection names this page's websocket: the server tells it nothing of what it did itself. */
export function setConnection(id: string): void {
  connectionId = id;
}

const reading = new Set<Promise<unknown>>();
const answeredMost = 10_000;

/** answered resolves when what has been asked for until now has been answered and used, at the latest in 10 seconds. */
export async function answered(): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, answeredMost));
  await Promise.race([Promise.allSettled(reading), late]);
  await new Promise((resolve) => setTimeout(resolve));
}

/** headersOf are the headers of every call: that it comes from this page, and the language of the answer. */
export function headersOf(method: string): Record<string, string> {
  const headers: Record<string, string> = { 'X-Requested-With': 'XMLHttpRequest' };
  // The server words its refusals in the language of the page, which may not be the browser's.
  if (document.documentElement.lang) headers['Accept-Language'] = document.documentElement.lang;
  if (method !== 'GET') {
    headers['X-CSRF-Token'] = cookie('MMCSRF');
    if (connectionId) headers['Connection-Id'] = connectionId;
  }
  return headers;
}

/** unreachable is the error of a call that no answer came to. */
export const unreachable = (): ApiError => new ApiError('network', listeners.words('network'), 0);

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers = headersOf(method);
  let body: BodyInit | undefined;
  if (options.body instanceof FormData) body = options.body;
  else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  try {
    const init: RequestInit = { method, headers, credentials: 'same-origin' };
    if (body !== undefined) init.body = body;
    if (options.signal) init.signal = options.signal;
    const response = await fetch(options.beside ? path : apiUrl(path, options.query), init);
    const date = Date.parse(response.headers.get('Date') ?? '');
    if (date) ahead = date - Date.now();
    return response;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw unreachable();
  }
}

/** answerOf decodes the JSON of an answer. It throws an `ApiError` when that is a refusal, or no JSON. */
export function answerOf<T>(status: number, text: string): T {
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new ApiError('answer', listeners.words('answer'), status);
  }
  if (status < 200 || status > 299) {
    const error = failure(status, body);
    // Other refusals with this status are about what was asked: a wrong code or password, a switch that is off.
    if (error.id === 'api.context.session_expired.app_error') listeners.signedOut();
    throw error;
  }
  return body as T;
}

/**
 * request calls a route and returns its decoded JSON. It throws an `ApiError`, or an `AbortError` when
 * `signal` ended the call.
 */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  return answerOf<T>(response.status, await response.text());
}

export function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const answer = request<T>('GET', path, { ...(query && { query }), ...(signal && { signal }) });
  const known = answer.catch(() => undefined).finally(() => reading.delete(known));
  reading.add(known);
  return answer;
}
export const post = <T>(path: string, body?: unknown, query?: Query, signal?: AbortSignal): Promise<T> =>
  request<T>('POST', path, { body, ...(query && { query }), ...(signal && { signal }) });
export const put = <T>(path: string, body?: unknown): Promise<T> => request<T>('PUT', path, { body });
export const del = <T>(path: string, body?: unknown): Promise<T> => request<T>('DELETE', path, { body });
