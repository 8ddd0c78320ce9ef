/** Which rows a run of messages makes: days, the line of new messages, heads and followers, comings and goings as one. */
import type { StoredPost } from '@/store/post';
import { authorKey } from './author';
import { isNotice } from './system';
import { type Day, dayOf } from './time';

/** Row is one item of the list. Its key stays the same while it is about the same. */
export type Row =
  | { kind: 'intro' | 'older' | 'newer' | 'end'; key: string }
  | { kind: 'day'; key: string; at: number }
  | { kind: 'new'; key: string }
  | {
      kind: 'post';
      key: string;
      id: string;
      at: number;
      /** With picture, name and time. */
      head: boolean;
      /** Says what it answers to, where replies stand in the channel. */
      comment: boolean;
    }
  /** Several comings and goings in a row. */
  | { kind: 'crowd'; key: string; ids: readonly string[]; at: number };

export interface RowOptions {
  me: string;
  /** One's own username: what concerns oneself is told even by those who wish not to hear of others. */
  username: string;
  timeZone: string;
  grouping: boolean;
  joinLeave: boolean;
  /** Only roots are shown. */
  collapsed: boolean;
}

export interface Run {
  ids: readonly string[];
  /** One's own messages that the server has not confirmed. */
  pending: readonly string[];
  posts: Readonly<Record<string, StoredPost>>;
  start: boolean;
  end: boolean;
  /** Messages of others later than this are new. */
  newSince: number;
}

/** Messages of one author within this time stand together. */
const together = 5 * 60_000;

const crowdTypes = new Set([
  'system_join_channel',
  'system_guest_join_channel',
  'system_leave_channel',
  'system_join_team',
  'system_leave_team',
  'system_add_to_channel',
  'system_add_guest_to_chan',
  'system_add_to_team',
  'system_remove_from_channel',
  'system_remove_from_team',
  'system_join_leave',
  'system_add_remove',
]);

/** isComing tells whether a message is about somebody coming or going. */
export const isComing = (post: Pick<StoredPost, 'type'>): boolean => crowdTypes.has(post.type);

/** What a crowd can say in one sentence; the legacy types have only their text. */
const worded = (post: StoredPost): boolean =>
  post.delete_at === 0 && isComing(post) && post.type !== 'system_join_leave' && post.type !== 'system_add_remove';

function concerns(post: StoredPost, username: string): boolean {
  const { props } = post;
  return [props.username, props.addedUsername, props.removedUsername].includes(username);
}

function shown(post: StoredPost | undefined, options: RowOptions): post is StoredPost {
  if (!post) return false;
  if (options.collapsed && post.root_id !== '' && post.type !== 'system_ephemeral') return false;
  if (options.joinLeave || !isComing(post)) return true;
  return concerns(post, options.username);
}

/** A message begins a head of its own unless it goes on where the one before left off. */
function continues(post: StoredPost, before: StoredPost | undefined): boolean {
  if (!before || post.create_at - before.create_at > together) return false;
  if (isNotice(post) || isNotice(before) || post.type !== before.type) return false;
  if (post.metadata.priority?.priority || post.root_id !== before.root_id) {
    // A reply may follow its own root.
    if (post.metadata.priority?.priority || post.root_id !== before.id) return false;
  }
  return before.delete_at === 0 && authorKey(post) === authorKey(before);
}

/** The line stands where it is certain: after something that was read, or at the beginning of the channel. */
function isNew(post: StoredPost, run: Run, me: string): boolean {
  if (post.create_at <= run.newSince) return false;
  // A message that was marked unread by hand may be one's own.
  return post.user_id !== me || post.create_at === run.newSince + 1;
}

class Builder {
  readonly rows: Row[] = [];
  #day: Day | undefined;
  #before: StoredPost | undefined;
  #marked = false;
  #sure: boolean;
  readonly #run: Run;
  readonly #options: RowOptions;

  constructor(run: Run, options: RowOptions) {
    this.#run = run;
    this.#options = options;
    this.#sure = run.start;
  }

  add(post: StoredPost): void {
    const { timeZone, me, collapsed } = this.#options;
    const at = post.create_at;
    if (!this.#day || at >= this.#day.end || at < this.#day.start) {
      this.#day = dayOf(at, timeZone);
      this.rows.push({ kind: 'day', key: `day ${this.#day.date}`, at: this.#day.start });
      this.#before = undefined;
    }
    if (!this.#marked && isNew(post, this.#run, me)) {
      this.#marked = true;
      if (this.#sure) {
        this.rows.push({ kind: 'new', key: 'new' });
        this.#before = undefined;
      }
    }
    if (at <= this.#run.newSince) this.#sure = true;
    if (worded(post)) this.#crowd(post);
    else this.#post(post, collapsed);
    this.#before = post;
  }

  #crowd(post: StoredPost): void {
    const last = this.rows.at(-1);
    if (last?.kind === 'crowd') {
      this.rows[this.rows.length - 1] = { ...last, ids: [...last.ids, post.id] };
      return;
    }
    this.rows.push({ kind: 'crowd', key: post.id, ids: [post.id], at: post.create_at });
  }

  #post(post: StoredPost, collapsed: boolean): void {
    const before = this.#before;
    const reply = !collapsed && post.root_id !== '';
    const sameThread = before !== undefined && (before.id === post.root_id || before.root_id === post.root_id);
    this.rows.push({
      kind: 'post',
      key: post.id,
      id: post.id,
      at: post.create_at,
      head: !this.#options.grouping || !continues(post, before),
      comment: reply && !sameThread,
    });
  }
}

/** buildRows makes the rows of a run. */
export function buildRows(run: Run, options: RowOptions): Row[] {
  const builder = new Builder(run, options);
  builder.rows.push(run.start ? { kind: 'intro', key: 'intro' } : { kind: 'older', key: 'older' });
  for (const id of run.ids) {
    const post = run.posts[id];
    if (shown(post, options)) builder.add(post);
  }
  // One's own message is never out of sight, even where what stands between has yet to be loaded.
  if (!run.end) builder.rows.push({ kind: 'newer', key: 'newer' });
  for (const id of run.pending) {
    const post = run.posts[id];
    if (shown(post, options)) builder.add(post);
  }
  if (run.end || run.pending.length > 0) builder.rows.push({ kind: 'end', key: 'end' });
  return builder.rows;
}

function same(a: Row, b: Row): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'post' && b.kind === 'post') return a.head === b.head && a.comment === b.comment && a.at === b.at;
  if (a.kind === 'crowd' && b.kind === 'crowd')
    return a.ids.length === b.ids.length && a.ids.every((id, i) => id === b.ids[i]);
  if (a.kind === 'day' && b.kind === 'day') return a.at === b.at;
  return true;
}

/** reuse keeps the rows that say the same as before, so that only what changed is drawn again. */
export function reuse(before: readonly Row[], now: Row[]): readonly Row[] {
  if (before.length === 0) return now;
  const known = new Map(before.map((row) => [row.key, row]));
  let changed = before.length !== now.length;
  for (let i = 0; i < now.length; i++) {
    const row = now[i] as Row;
    const old = known.get(row.key);
    if (old && same(old, row)) now[i] = old;
    if (now[i] !== before[i]) changed = true;
  }
  return changed ? now : before;
}

/** indexOfPost finds the row that a message stands in. */
export function indexOfPost(rows: readonly Row[], id: string): number {
  return rows.findIndex((row) => (row.kind === 'post' ? row.id === id : row.kind === 'crowd' && row.ids.includes(id)));
}

/** lacksNewer tells whether newer messages have yet to be loaded; only one's own pending ones stand behind that row. */
export function lacksNewer(rows: readonly Row[]): boolean {
  for (let i = rows.length - 1; i >= 0; i--) {
    const kind = rows[i]?.kind;
    if (kind === 'newer') return true;
    if (kind === 'older' || kind === 'intro') return false;
  }
  return false;
}

/** focusIdOf is the message that stands for a row when it is walked by keys; lines have none. */
export const focusIdOf = (row: Row | undefined): string | undefined =>
  row?.kind === 'post' ? row.id : row?.kind === 'crowd' ? row.ids[0] : undefined;
