/** The members of one channel as the pane lists them: page by page, found, and kept up to date. */
import * as channelsApi from '@/api/channels';
import * as usersApi from '@/api/users';
import { onFrame } from '@/realtime/live';
import { needPresence, needRoles } from '@/realtime/load';
import { PagedList } from '@/store/paged';
import { dispatch } from '@/store/store';
import { removePerson, setAdmin } from './actions';

/** Member is one of them. `membership` is missing for who left a moment ago. */
export type Member = { userId: string; membership?: channelsApi.ChannelMembership };

const pageSize = 100;

/** Members is the list of one channel. */
export class Members {
  readonly list: PagedList<Member>;
  readonly #channelId: string;

  constructor(channelId: string) {
    this.#channelId = channelId;
    this.list = new PagedList<Member>({
      size: pageSize,
      // Administrators first, then by name.
      page: async (page) =>
        this.#known(await usersApi.listUsers({ in_channel: channelId, page, per_page: pageSize, sort: 'admin' })),
      find: async (term, signal) =>
        this.#known(await usersApi.searchUsers({ term, in_channel_id: channelId, limit: pageSize }, signal)),
    });
  }

  async #known(users: usersApi.UserProfile[]): Promise<Member[]> {
    const ids = users.map((user) => user.id);
    dispatch({ type: 'users/received', users });
    void needPresence(ids);
    const found = ids.length > 0 ? await channelsApi.getMembersByIds(this.#channelId, ids) : [];
    await needRoles(found.map((one) => one.roles)).catch(() => undefined);
    const byUser = new Map(found.map((one) => [one.user_id, one]));
    return ids.map((userId) => ({ userId, membership: byUser.get(userId) }));
  }

  /** setAdmin makes somebody an administrator of the channel, or a member again. */
  async setAdmin(userId: string, admin: boolean): Promise<void> {
    await setAdmin(this.#channelId, userId, admin);
    await this.#reread(userId);
  }

  /** remove takes somebody out of the channel. */
  async remove(userId: string): Promise<void> {
    await removePerson(this.#channelId, userId);
    this.#drop(userId);
  }

  #drop(userId: string): void {
    this.list.change((items) => items.filter((one) => one.userId !== userId));
  }

  async #reread(userId: string): Promise<void> {
    const [membership] = await channelsApi.getMembersByIds(this.#channelId, [userId]);
    this.list.change((items) => items.map((one) => (one.userId === userId ? { userId, membership } : one)));
  }

  async #came(userId: string): Promise<void> {
    const [member] = await this.#known(await usersApi.getUsers([userId]));
    if (!member) return;
    this.list.change((items) => (items.some((one) => one.userId === userId) ? items : [...items, member]));
  }

  /** watch follows who comes, goes and changes. It returns how to stop. */
  watch(): () => void {
    return onFrame((frame) => {
      const channelId = frame.broadcast.channel_id || String(frame.data.channel_id ?? '');
      const userId = String(frame.data.user_id ?? '');
      if (channelId !== this.#channelId || !userId) return;
      if (frame.event === 'user_added') this.#came(userId).catch(() => undefined);
      else if (frame.event === 'user_removed') this.#drop(userId);
    });
  }
}
