/** What becomes of a message when it is sent: sent, carried out as a command, or asked about first. */
import { send } from '@/features/messages/actions';
import { wordsOf } from '@/markdown/words';
import { draftKey } from '@/store/drafts';
import { burning, type Priority, priorityIn } from '@/store/priorities';
import { can, isOn, setting } from '@/store/selectors';
import { getState, type State } from '@/store/store';
import { readCommand, type Written } from './commandList';
import { runes } from './editing';

/** A channel with more members is asked about before all of them are notified. */
const quietCrowd = 5;

/** messageMost is how long a message may be, in characters as the server counts them. */
export const messageMost = (state: State): number => Number(setting(state, 'MaxPostSize')) || 16383;

/** charactersLeft tells how many more fit, negative for too many; undefined while there is plenty of room. */
export function charactersLeft(message: string, most: number): number | undefined {
  // No text has more characters than units: short ones need no counting.
  if (message.length < most * 0.9) return undefined;
  const left = most - runes(message);
  return left < Math.min(500, most * 0.1) ? left : undefined;
}

/** Verdict is what has to happen to a message before it goes. */
export type Verdict =
  | { kind: 'nothing' }
  | { kind: 'too-long'; over: number }
  | { kind: 'command'; written: Written }
  | { kind: 'unknown-command'; name: string }
  | { kind: 'burning-files' }
  | { kind: 'everyone'; count: number; here: boolean }
  | { kind: 'send' };

/** judge looks at a message. `settled` is set when its author has been asked already; with `files` it needs no words. */
export function judge(state: State, channelId: string, message: string, settled = false, files = false): Verdict {
  const words = message.trim();
  // Files can't be made to disappear.
  if (files && priorityIn(state, channelId, '')?.burn) return { kind: 'burning-files' };
  if (!words) return { kind: files ? 'send' : 'nothing' };
  const over = runes(message) - messageMost(state);
  if (over > 0) return { kind: 'too-long', over };
  const written = readCommand(message);
  if (written?.known) return { kind: 'command', written };
  if (settled) return { kind: 'send' };
  if (written) return { kind: 'unknown-command', name: written.name };
  return asksEveryone(state, channelId, message) ?? { kind: 'send' };
}

function asksEveryone(state: State, channelId: string, message: string): Verdict | undefined {
  if (!message.includes('@') || !isOn(state, 'EnableConfirmNotificationsToChannel')) return undefined;
  if (!can(state, 'use_channel_mentions', { channelId })) return undefined;
  const { everyone } = wordsOf(message);
  if (everyone.length === 0) return undefined;
  // One's own notification doesn't come.
  const count = (state.channels.stats[channelId]?.member_count ?? 1) - 1;
  const most = Number(setting(state, 'MaxNotificationsPerChannel')) || 1000;
  if (count < quietCrowd || count >= most) return undefined;
  return { kind: 'everyone', count, here: everyone.every((word) => word === 'here') };
}

/** sendMessage sends words to a channel or thread, with the files that are attached to its draft. */
export function sendMessage(
  channelId: string,
  rootId: string,
  message: string,
  { type, priority }: { type?: 'me' | undefined; priority?: Priority | undefined } = {},
): Promise<boolean> {
  const filesOf = draftKey(channelId, rootId);
  const kind = priority?.burn ? burning : type;
  return send({
    channelId,
    rootId,
    message: message.trimEnd(),
    filesOf,
    ...(kind && { type: kind }),
    ...(priority && { priority }),
  });
}

/** sendOnKeys are the preferences about Enter. */
export function keyPreferences(state: State): { ctrlSends: boolean; ctrlSendsCode: boolean } {
  const value = (name: string, fallback: string) => state.preferences[`advanced_settings ${name}`] ?? fallback;
  return {
    ctrlSends: value('send_on_ctrl_enter', 'false') === 'true',
    ctrlSendsCode: value('code_block_ctrl_enter', 'true') === 'true',
  };
}

/** newest finds the newest message of a channel or thread that fits. */
export function newest(
  channelId: string,
  rootId: string,
  fits: (state: State, id: string) => boolean,
): string | undefined {
  const state = getState();
  const posts = Object.values(state.posts.byChannel[channelId]?.posts ?? {})
    .filter((post) =>
      rootId ? post.root_id === rootId || post.id === rootId : !state.posts.collapsed || post.root_id === '',
    )
    .sort((a, b) => b.create_at - a.create_at);
  return posts.find((post) => fits(state, post.id))?.id;
}
