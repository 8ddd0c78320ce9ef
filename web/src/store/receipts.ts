/** Who has read up to where, by channel. */
import type { Receipts } from '@/api/receipts';
import type { State } from './store';

export type ChannelReceipts = {
  enabled: boolean;
  maySwitch: boolean;
  /** By person, in Unix milliseconds. */
  readers: Readonly<Record<string, number>>;
};

export type ReceiptsState = Readonly<Record<string, ChannelReceipts>>;

export type ReceiptsAction =
  | { type: 'receipts/all'; channelId: string; receipts: Receipts }
  | { type: 'receipts/read'; channelId: string; userId: string; at: number };

/** receipts is the reducer of this domain. */
export function receipts(state: ReceiptsState, action: ReceiptsAction): ReceiptsState {
  if (action.type === 'receipts/all') {
    const { enabled, may_switch, readers } = action.receipts;
    const by = Object.fromEntries(readers.map((one) => [one.user_id, one.read_at]));
    return { ...state, [action.channelId]: { enabled, maySwitch: may_switch, readers: by } };
  }
  const known = state[action.channelId];
  if (!known?.enabled) return state;
  const readers = { ...known.readers, [action.userId]: action.at };
  return { ...state, [action.channelId]: { ...known, readers } };
}

/** readersOf lists who else has read a message of one's own, where the channel shows that. */
export function readersOf(state: State, channelId: string, createAt: number): string[] {
  const known = state.receipts[channelId];
  if (!known?.enabled) return [];
  return Object.entries(known.readers)
    .filter(([userId, at]) => userId !== state.users.me && at >= createAt)
    .map(([userId]) => userId);
}
