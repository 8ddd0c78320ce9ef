/** Loads the emojis of this server, and makes and deletes them. */
import { createEmoji, deleteEmoji, emojiPage, emojiUrl, getEmojis, type ServerEmoji } from '@/api/emoji';
import { decoded } from '@/realtime/events';
import { onFrame, onMissed } from '@/realtime/live';
import { can, isOn } from '@/store/selectors';
import { getState, type State } from '@/store/store';
import { addCustomEmoji, type CustomEmoji, dropCustomEmoji, setCustomEmojis } from './custom';

/** More than these are found by their whole name in messages only. */
const pagesMost = 25;

const known = ({ id, name, creator_id }: ServerEmoji): CustomEmoji => ({
  id,
  name,
  url: emojiUrl(id),
  creatorId: creator_id,
});

/** loadCustomEmojis loads them all. It never fails: without them there are those of the system. */
export async function loadCustomEmojis(): Promise<void> {
  const { me } = getState().users;
  if (!me || !isOn(getState(), 'EnableCustomEmoji')) return;
  const all: CustomEmoji[] = [];
  try {
    for (let page = 0; page < pagesMost; page++) {
      const list = await getEmojis(page);
      all.push(...list.map(known));
      if (list.length < emojiPage) break;
    }
    if (getState().users.me === me) setCustomEmojis(all);
  } catch {
    // The next connection asks again.
  }
}

/** watchCustomEmojis does so now, and hears of new ones. It returns how to stop. */
export function watchCustomEmojis(): () => void {
  void loadCustomEmojis();
  const stops = [
    onMissed(() => void loadCustomEmojis()),
    onFrame(({ event, data }) => {
      const made = event === 'emoji_added' ? decoded<ServerEmoji>(data, 'emoji') : undefined;
      if (made) addCustomEmoji(known(made));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

const anyTeam = (state: State, permission: string): boolean =>
  can(state, permission) || Object.keys(state.teams.mine).some((teamId) => can(state, permission, { teamId }));

/** mayAddEmoji tells whether one may make custom emojis. */
export const mayAddEmoji = (state: State): boolean =>
  isOn(state, 'EnableCustomEmoji') && anyTeam(state, 'create_emojis');

/** mayDeleteEmoji tells whether one may delete a custom emoji. */
export const mayDeleteEmoji = (state: State, emoji: CustomEmoji): boolean =>
  anyTeam(state, 'delete_emojis') && (emoji.creatorId === state.users.me || anyTeam(state, 'delete_others_emojis'));

/** addEmoji makes one for everybody. It rejects with an `ApiError`. */
export async function addEmoji(name: string, picture: Blob): Promise<void> {
  addCustomEmoji(known(await createEmoji(name, getState().users.me, picture)));
}

/** removeEmoji deletes one for everybody, with the reactions that use it. It rejects with an `ApiError`. */
export async function removeEmoji(id: string): Promise<void> {
  await deleteEmoji(id);
  dropCustomEmoji(id);
}

/** The server takes no larger pictures, in bytes. */
export const pictureMost = 512 * 1024;

/** nameFrom suggests a name from that of a file: `Party Parrot (1).gif` becomes `party_parrot_1`. */
export function nameFrom(file: string): string {
  return file
    .replace(/\.[^.]*$/, '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9+-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64);
}

/** tidyName is a name as somebody types it: colons around it are habit. */
export const tidyName = (typed: string): string =>
  typed
    .trim()
    .replace(/^:+|:+$/g, '')
    .toLowerCase();

/** What is wrong with a name before the server is asked. */
export function nameProblem(name: string, taken: (name: string) => 'system' | 'custom' | undefined) {
  if (!/^[a-z0-9+_-]{1,64}$/.test(name)) return 'letters';
  return taken(name);
}
