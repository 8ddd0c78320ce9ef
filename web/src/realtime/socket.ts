/**
 * The websocket: opens, resumes after a cut by connection id and sequence number, backs off with jitter, and says
 * when something may have been missed. Protocol: reference of the websocket, docs/COMPATIBILITY.md.
 */

/** Frame is an event as the server sends it. */
export type Frame = {
  event: string;
  data: Record<string, unknown>;
  broadcast: { user_id: string; channel_id: string; team_id: string };
  seq: number;
};

export type SocketListener = {
  /** An event, in order. */
  frame(frame: Frame): void;
  /** `missed`: events may have been lost, as before the first connection, so what is stale must be loaded again. */
  open(missed: boolean, connectionId: string): void;
  /**
   * The connection is gone; `attempts` counts how often it could not be made since. `refused`: the server closed it
   * because it knows no session, or no longer.
   */
  closed(attempts: number, refused: boolean): void;
};

/** Times in milliseconds. The first retry is quick: most cuts are short. */
const retryFirst = 400;
const retryMost = 30_000;
const pingEvery = 30_000;
const pongWithin = 10_000;

const mismatch = 4001;
const pingTimeout = 4000;

/** With these the server closes what has no session: not authenticated in time, ended, out of time. */
const sessionless = [1008, 4101, 4102];

/** retryDelay doubles with each failure and is spread by half, so that a restarted server isn't stormed. */
export function retryDelay(attempts: number, random: () => number = Math.random): number {
  const most = Math.min(retryMost, retryFirst * 2 ** Math.min(attempts, 10));
  return Math.round(most * (0.5 + random() * 0.5));
}

/** Socket is one connection that comes back by itself until it is closed. */
export class Socket {
  #socket: WebSocket | undefined;
  #connectionId = '';
  #next = 0;
  #request = 1;
  #attempts = 0;
  #closeCode = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #pong: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  readonly #url: string;
  readonly #listener: SocketListener;

  constructor(url: string, listener: SocketListener) {
    this.#url = url;
    this.#listener = listener;
    window.addEventListener('online', this.#wake);
    window.addEventListener('offline', this.#lost);
    document.addEventListener('visibilitychange', this.#wake);
    this.#connect();
  }

  /** send asks the server for an action; it is dropped when there is no connection. */
  send(action: string, data: Record<string, unknown>): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ action, seq: this.#request++, data }));
  }

  /** close ends the connection for good. */
  close(): void {
    this.#stopped = true;
    window.removeEventListener('online', this.#wake);
    window.removeEventListener('offline', this.#lost);
    document.removeEventListener('visibilitychange', this.#wake);
    this.#quiet();
    this.#socket?.close(1000);
  }

  readonly #wake = (): void => {
    if (document.visibilityState === 'hidden' || this.#stopped) return;
    if (this.#retry !== undefined) {
      clearTimeout(this.#retry);
      this.#retry = undefined;
      this.#connect();
    } else if (this.#socket?.readyState === WebSocket.OPEN) this.#probe();
  };

  readonly #lost = (): void => {
    this.#drop(pingTimeout);
  };

  #connect(): void {
    const query = new URLSearchParams({
      connection_id: this.#connectionId,
      sequence_number: String(this.#next),
    });
    if (this.#closeCode !== 0) query.set('disconnect_err_code', String(this.#closeCode));
    const socket = new WebSocket(`${this.#url}?${query}`);
    this.#socket = socket;
    const resumed = this.#connectionId !== '';
    socket.onopen = () => {
      this.#attempts = 0;
      this.#ping = setInterval(() => this.#probe(), pingEvery);
      // A resumed connection is not greeted again; a greeting that follows says that it was not resumed.
      if (resumed) this.#listener.open(false, this.#connectionId);
    };
    socket.onmessage = (message) => this.#take(String(message.data));
    socket.onclose = (event) => {
      if (socket === this.#socket) this.#gone(event.code);
    };
  }

  #probe(): void {
    this.send('ping', {});
    this.#pong ??= setTimeout(() => this.#drop(pingTimeout), pongWithin);
  }

  #take(text: string): void {
    clearTimeout(this.#pong);
    this.#pong = undefined;
    let frame: Partial<Frame>;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    if (frame.event === undefined || frame.seq === undefined) return;
    if (frame.event === 'hello') {
      const id = String(frame.data?.connection_id ?? '');
      const missed = id !== this.#connectionId;
      this.#connectionId = id;
      this.#next = frame.seq + 1;
      this.#listener.open(missed, id);
      return;
    }
    if (frame.seq !== this.#next) {
      // A hole: start over without the connection id, which counts as missed events.
      this.#connectionId = '';
      this.#next = 0;
      this.#drop(mismatch);
      return;
    }
    this.#next = frame.seq + 1;
    this.#listener.frame(frame as Frame);
  }

  #drop(code: number): void {
    const socket = this.#socket;
    if (!socket || this.#stopped || this.#retry !== undefined) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close(code >= 4000 ? code : undefined);
    this.#gone(code);
  }

  #quiet(): void {
    clearInterval(this.#ping);
    clearTimeout(this.#pong);
    clearTimeout(this.#retry);
    this.#pong = undefined;
    this.#retry = undefined;
  }

  #gone(code: number): void {
    this.#quiet();
    if (this.#stopped) return;
    this.#closeCode = code;
    this.#listener.closed(this.#attempts, sessionless.includes(code));
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined;
        this.#connect();
      },
      retryDelay(this.#attempts++),
    );
  }
}
