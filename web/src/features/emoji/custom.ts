/**
 * The emojis that people of this server made. This is the one place where they enter: what knows them calls
 * `setCustomEmojis`, and messages, pickers and autocompletes see them.
 */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** CustomEmoji is one of them; `url` is the address of its picture. */
export interface CustomEmoji {
  id: string;
  name: string;
  url: string;
  creatorId?: string;
}

const store = createStore<readonly CustomEmoji[]>(() => []);
let byName: ReadonlyMap<string, CustomEmoji> = new Map();

/** setCustomEmojis replaces what is known. */
export function setCustomEmojis(emojis: readonly CustomEmoji[]): void {
  byName = new Map(emojis.map((emoji) => [emoji.name, emoji]));
  store.setState(emojis, true);
}

/** addCustomEmoji makes one known, among the others by name. */
export function addCustomEmoji(emoji: CustomEmoji): void {
  const others = store.getState().filter(({ id, name }) => id !== emoji.id && name !== emoji.name);
  setCustomEmojis([...others, emoji].sort((a, b) => a.name.localeCompare(b.name)));
}

/** dropCustomEmoji forgets one that is gone. */
export const dropCustomEmoji = (id: string): void =>
  setCustomEmojis(store.getState().filter((emoji) => emoji.id !== id));

/** customEmojis lists what is known. */
export const customEmojis = (): readonly CustomEmoji[] => store.getState();

/** useCustomEmojis lists what is known; the component is drawn again when more is. */
export const useCustomEmojis = (): readonly CustomEmoji[] => useStore(store);

/** customEmojiUrl returns the address of a custom emoji's picture. */
export const customEmojiUrl = (name: string): string | undefined => byName.get(name)?.url;
