/** The channels of a team that one may join, as the dialog lists them. */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import * as channelsApi from '@/api/channels';
import { PagedList } from '@/store/paged';
import { dispatch } from '@/store/store';

export type Shelf = 'open' | 'archived';
export type Order = 'name' | 'members' | 'recent';
export type Room = channelsApi.ServerChannel;

export type BrowseState = { shelf: Shelf; order: Order; hideMine: boolean; counts: Readonly<Record<string, number>> };

const pageSize = 100;

/** Browse holds both lists and how they are looked at. */
export class Browse {
  readonly state: StoreApi<BrowseState> = createStore(() => ({
    shelf: 'open',
    order: 'name',
    hideMine: false,
    counts: {},
  }));
  readonly #teamId: string;
  readonly #lists = new Map<Shelf, PagedList<Room>>();

  constructor(teamId: string) {
    this.#teamId = teamId;
  }

  /** list is the list of a shelf; it is loaded when it is first looked at. */
  list(shelf: Shelf): PagedList<Room> {
    let list = this.#lists.get(shelf);
    if (!list) {
      list = this.#make(shelf);
      this.#lists.set(shelf, list);
    }
    return list;
  }

  #make(shelf: Shelf): PagedList<Room> {
    const page = shelf === 'open' ? channelsApi.listPublicChannels : channelsApi.listArchivedChannels;
    const fits = (room: Room) => room.delete_at > 0 === (shelf === 'archived');
    return new PagedList<Room>({
      size: pageSize,
      page: async (at) => this.#known(await page(this.#teamId, at, pageSize)),
      find: async (term, signal) =>
        this.#known((await channelsApi.searchChannels(this.#teamId, term, signal)).filter(fits)),
    });
  }

  #known(rooms: Room[]): Room[] {
    dispatch({ type: 'channels/received', channels: rooms });
    void this.#count(rooms.map((room) => room.id));
    return rooms;
  }

  async #count(ids: string[]): Promise<void> {
    const unknown = ids.filter((id) => this.state.getState().counts[id] === undefined);
    if (unknown.length === 0) return;
    // Without the numbers the list is as good.
    const counts = await channelsApi.getMemberCounts(unknown).catch(() => ({}));
    this.state.setState((state) => ({ counts: { ...state.counts, ...counts } }));
  }

  /** set changes how the lists are looked at. An order other than by name needs all of them. */
  set(change: Partial<BrowseState>): void {
    this.state.setState(change);
    const { shelf, order } = this.state.getState();
    if (order !== 'name') void this.#whole(this.list(shelf));
  }

  async #whole(list: PagedList<Room>): Promise<void> {
    const stop = list.store.subscribe(({ loading, complete, error }) => {
      if (complete || error) stop();
      else if (!loading) queueMicrotask(() => list.more());
    });
    list.more();
  }
}

export const useBrowse = (browse: Browse): BrowseState => useStore(browse.state);

/** ordered sorts rooms as one looks at them. */
export function ordered(rooms: readonly Room[], order: Order, counts: BrowseState['counts']): readonly Room[] {
  if (order === 'members') return [...rooms].sort((a, b) => (counts[b.id] ?? 0) - (counts[a.id] ?? 0));
  if (order === 'recent') return [...rooms].sort((a, b) => b.last_post_at - a.last_post_at);
  return rooms;
}
