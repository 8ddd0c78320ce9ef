/** What may be attached to a message: whether at all, how many files, how large. */
import { can, isOn, setting } from '@/store/selectors';
import type { State } from '@/store/store';

/** A message has at most so many files; the server says the same. */
export const mostFiles = 10;

/** mayAttach tells whether one may send files to a channel. */
export const mayAttach = (state: State, channelId: string): boolean =>
  isOn(state, 'EnableFileAttachments') && can(state, 'upload_file', { channelId });

/** largest is how large a file may be, in bytes. */
export const largest = (state: State): number => Number(setting(state, 'MaxFileSize')) || 100 * 1024 * 1024;

/** Refusal says why some of the chosen files were left out. */
export type Refusal =
  | { kind: 'too-many'; count: number }
  | { kind: 'too-large'; names: readonly string[]; most: number }
  | { kind: 'folder'; names: readonly string[] };

/** admit sorts chosen files by whether they can be sent. `have` is how many the message has already. */
export function admit<F extends { name: string; size: number }>(
  have: number,
  chosen: readonly F[],
  most: number,
): { taken: F[]; refused: Refusal[] } {
  const large = chosen.filter((file) => file.size > most);
  const fits = chosen.filter((file) => file.size <= most);
  const taken = fits.slice(0, Math.max(0, mostFiles - have));
  const refused: Refusal[] = [];
  if (large.length > 0) refused.push({ kind: 'too-large', names: large.map(({ name }) => name), most });
  if (taken.length < fits.length) refused.push({ kind: 'too-many', count: fits.length - taken.length });
  return { taken, refused };
}
