/** What an autocomplete offers. */
import type { CommandName } from './commandList';

/** Suggestion is one thing that a word can become; `insert` takes the word's place. */
export type Suggestion = { id: string; insert: string } & (
  | { kind: 'person' | 'channel' }
  | { kind: 'everyone' }
  | { kind: 'group'; label: string; count: number }
  | { kind: 'other-channel'; label: string }
  | { kind: 'emoji'; name: string; label: string; url?: string }
  | { kind: 'command'; name: CommandName }
  | { kind: 'server-command'; label: string; hint: string; description: string }
);

/** Section is a titled run of suggestions. */
export interface Section {
  id: 'inside' | 'everyone' | 'groups' | 'outside' | 'mine' | 'others' | 'emojis' | 'commands' | 'arguments';
  items: readonly Suggestion[];
}
