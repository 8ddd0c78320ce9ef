/**
 * Keeps a reader's place in a list of messages. At the end it stays at the end, whatever grows or comes; elsewhere what
 * stands at the top of the view stays there. What the page around needs to know of it is in `state`.
 */
import type { VirtualizerHandle } from 'virtua';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { lacksNewer, type Row } from './rows';

export interface ScrollState {
  /** The newest message is in view. */
  atEnd: boolean;
  /** The day of what stands at the top, while one scrolls and its own line is out of sight. */
  day: number | undefined;
  /** The rows in view. */
  first: number;
  last: number;
}

/** So near to the end counts as there, in pixels. */
const endSlack = 40;
/** More is loaded when so many heights of the view are left. */
const ahead = 2;
const dayStays = 1200;

export interface ScrollerEvents {
  /** Older or newer messages are wanted. */
  want(side: 'older' | 'newer'): void;
}

/** Scroller belongs to one list. */
export class Scroller {
  readonly state: StoreApi<ScrollState> = createStore<ScrollState>(() => ({
    atEnd: true,
    day: undefined,
    first: 0,
    last: 0,
  }));
  handle: VirtualizerHandle | null = null;
  element: HTMLElement | null = null;
  rows: readonly Row[] = [];
  /** The run that is shown ends with the newest message. */
  live = true;
  /** Until the first place has been found nothing is loaded and nothing is told. */
  settled = false;
  /** Called when something was measured before that. */
  opening: (() => void) | undefined;
  /** Moving on its own; what scrolls is then not the reader. */
  #moving = 0;
  #stick = true;
  #held: { key: string; top: number } | undefined;
  #lastTop = 0;
  #scrolledAt = 0;
  #dayTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #events: ScrollerEvents;

  constructor(events: ScrollerEvents) {
    this.#events = events;
  }

  /** The reader stays with the newest message. */
  get sticking(): boolean {
    return this.#stick && this.live;
  }

  dispose(): void {
    clearTimeout(this.#dayTimer);
  }

  /** toEnd goes to the newest message and stays there. */
  toEnd(): void {
    this.#stick = true;
    if (this.element) this.element.scrollTop = this.element.scrollHeight;
  }

  /** release lets the end go, before a jump elsewhere. */
  release(): void {
    this.#stick = false;
    this.#held = undefined;
  }

  /** goTo brings a row to a place in the view, and again while rows on the way are measured. */
  goTo(index: number, align: 'start' | 'center' | 'nearest', offset = 0): void {
    this.release();
    this.#moving = Date.now();
    this.handle?.scrollToIndex(index, { align, offset });
  }

  /** What is left below the view, by the virtualiser's own numbers: the page would have to be laid out to tell. */
  #left(): number {
    const { handle } = this;
    return handle ? handle.scrollSize - handle.scrollOffset - handle.viewportSize : 0;
  }

  /** scrolled is called when the view has moved. */
  scrolled(): void {
    const { element, handle } = this;
    if (!element || !handle || !this.settled) return;
    const top = handle.scrollOffset;
    const left = this.#left();
    this.#scrolledAt = Date.now();
    const up = top < this.#lastTop - 1;
    this.#lastTop = top;
    const byItself = Date.now() - this.#moving < 300;
    if (left <= endSlack) this.#stick = true;
    else if (up || !this.#stick || byItself) this.#stick = false;
    this.#look();
    this.#hold();
    this.#wantMore(top, left);
  }

  /** resized is called when the view or a row has changed its size, before that is painted. */
  resized(): void {
    if (!this.settled) {
      this.opening?.();
      return;
    }
    if (this.sticking) this.toEnd();
    this.#look();
  }

  /** changed is called after other rows have been drawn, before that is painted. */
  changed(): void {
    if (!this.settled) return;
    if (this.sticking) this.toEnd();
    else this.#restore();
    this.#look();
    this.check();
  }

  /** check asks for more when little is left on a side. */
  check(): void {
    if (this.handle && this.settled) this.#wantMore(this.handle.scrollOffset, this.#left());
  }

  #wantMore(above: number, below: number): void {
    const near = (this.handle?.viewportSize ?? 0) * ahead;
    if (above < near && this.rows[0]?.kind === 'older') this.#events.want('older');
    if (below < near && !this.live && lacksNewer(this.rows)) this.#events.want('newer');
  }

  /** #look notes what is in view. */
  #look(): void {
    const { handle, rows } = this;
    if (!handle) return;
    const top = handle.scrollOffset;
    const first = handle.findItemIndex(top);
    const last = handle.findItemIndex(top + handle.viewportSize - 1);
    const atEnd = this.live && this.#left() <= endSlack;
    const day = this.#dayAt(first, top);
    const now = this.state.getState();
    if (now.first === first && now.last === last && now.atEnd === atEnd && now.day === day) return;
    this.state.setState({ first, last, atEnd, day: rows.length > 0 ? day : undefined });
  }

  /** The day whose line has gone out of sight above. */
  #dayAt(first: number, top: number): number | undefined {
    const { rows, handle } = this;
    const moving = this.state.getState().day !== undefined || this.#dayTimer !== undefined;
    if (!moving) return undefined;
    const next = rows[first];
    if (next?.kind === 'day' && (handle?.getItemOffset(first) ?? 0) >= top - 8) return undefined;
    for (let i = first; i >= 0; i--) {
      const row = rows[i];
      if (row?.kind === 'day') return row.at;
    }
    return undefined;
  }

  /** showDay lets the day stand above the view for a while; called when the reader scrolls. */
  showDay(): void {
    clearTimeout(this.#dayTimer);
    this.#dayTimer = setTimeout(() => {
      this.#dayTimer = undefined;
      this.state.setState({ day: undefined });
    }, dayStays);
  }

  /** The mounted row of a key. */
  #rowElement(key: string): HTMLElement | null {
    return this.element?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`) ?? null;
  }

  /** stands tells whether every row in view is drawn and was measured. */
  stands(): boolean {
    const { handle, element, rows } = this;
    if (!handle || !element || handle.viewportSize === 0) return false;
    const top = element.scrollTop;
    const last = handle.findItemIndex(top + handle.viewportSize - 1);
    for (let i = handle.findItemIndex(top); i <= last; i++) {
      const row = this.#rowElement(rows[i]?.key ?? '');
      // The virtualiser hides what it hasn't measured.
      if (!row || row.closest<HTMLElement>('li')?.style.visibility === 'hidden') return false;
    }
    return true;
  }

  /** #hold remembers what stands at the top of the view, and where. */
  #hold(): void {
    const { handle, rows } = this;
    if (!handle || this.sticking) {
      this.#held = undefined;
      return;
    }
    // Lines and skeletons come and go; messages stay.
    let index = handle.findItemIndex(handle.scrollOffset);
    while (index < rows.length && rows[index]?.kind !== 'post' && rows[index]?.kind !== 'crowd') index++;
    const row = rows[index];
    this.#held = row && { key: row.key, top: handle.getItemOffset(index) - handle.scrollOffset };
  }

  /** #restore puts it back where it stood, in case that rows above it were put in or taken out. */
  #restore(): void {
    const held = this.#held;
    const { element } = this;
    // While one scrolls, what was noted is a moment old.
    if (!held || !element || Date.now() - this.#scrolledAt < 150) return;
    const row = this.#rowElement(held.key);
    if (!row) return;
    const now = row.getBoundingClientRect().top - element.getBoundingClientRect().top;
    const moved = now - held.top;
    if (Math.abs(moved) >= 1) element.scrollTop += moved;
  }
}
