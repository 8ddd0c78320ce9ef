/** Which files stand in the pane: found by a search, or all of a channel, the newest first. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type FileInfo, searchFiles } from '@/api/files';
import { needUsers } from '@/realtime/load';
import type { Pane } from '@/store/place';
import { getState } from '@/store/store';

/** FilesPane is a pane with a list of files. */
export type FilesPane = Extract<Pane, { kind: 'search' | 'files' }>;

/** FileGroup keeps to some kinds of files; the empty one to none. */
export type FileGroup = '' | 'images' | 'documents' | 'tables' | 'slides' | 'code' | 'sounds' | 'videos' | 'archives';

// What people look for together, by the endings of names.
const endings: Record<Exclude<FileGroup, ''>, string> = {
  images: 'png jpg jpeg gif webp bmp svg heic avif tif tiff psd',
  documents: 'pdf doc docx odt rtf txt md pages epub',
  tables: 'csv tsv xls xlsx ods numbers',
  slides: 'ppt pptx odp key',
  code: 'c cc cpp cs css diff go h html java js json jsx kt lua patch php pl py rb rs scala sh sql swift toml ts tsx xml yaml yml',
  sounds: 'mp3 m4a wav ogg oga opus flac aac',
  videos: 'mp4 webm mov mkv avi m4v',
  archives: 'zip tar gz tgz bz2 xz 7z rar',
};
/** The groups, in the order in which they are offered. */
export const fileGroups = ['', ...Object.keys(endings)] as FileGroup[];

const pageSize = 30;

type Asked = { teamId: string; terms: string };

/** askedOf is what the server is asked for. */
export function askedOf(pane: FilesPane, group: FileGroup): Asked {
  const kept = group === '' ? [] : endings[group].split(' ').map((ending) => `ext:${ending}`);
  if (pane.kind === 'search') return { teamId: pane.teamId, terms: [pane.terms, ...kept].join(' ') };
  const channel = getState().channels.channels[pane.channelId];
  // Conversations belong to no team.
  return { teamId: channel?.team_id ?? '', terms: [`in:${channel?.name ?? pane.channelId}`, ...kept].join(' ') };
}

const keyOf = ({ teamId, terms }: Asked): string => `${teamId}\n${terms}`;

type Found = {
  key: string;
  files: readonly FileInfo[];
  status: 'loading' | 'ready' | 'growing' | 'failed';
  error?: unknown;
  /** The next page, when there may be one. */
  next: number | undefined;
};

const nothing: Found = { key: '', files: [], status: 'loading', next: undefined };
const found = createStore<Found>(() => nothing);

/** useFound is what has been found so far. */
export function useFound(pane: FilesPane, group: FileGroup): Found {
  const now = useStore(found);
  return now.key === keyOf(askedOf(pane, group)) ? now : nothing;
}

let call: AbortController | undefined;

async function load(asked: Asked, page: number): Promise<void> {
  call?.abort();
  const own = new AbortController();
  call = own;
  const key = keyOf(asked);
  try {
    const { teamId, terms } = asked;
    const list = await searchFiles(teamId, { terms, page, per_page: pageSize }, own.signal);
    if (own.signal.aborted) return;
    const came = (list.order ?? []).flatMap((id) => list.file_infos?.[id] ?? []);
    void needUsers(new Set(came.map((file) => file.user_id)));
    const before = page === 0 ? [] : found.getState().files;
    const known = new Set(before.map(({ id }) => id));
    const files = [...before, ...came.filter(({ id }) => !known.has(id))];
    found.setState({ key, files, status: 'ready', next: came.length === pageSize ? page + 1 : undefined }, true);
  } catch (error) {
    if (own.signal.aborted) return;
    const { files, next } = found.getState();
    // A page that didn't come can be asked for again; what stands, stands.
    found.setState({ key, files, next, status: page === 0 ? 'failed' : 'ready', error }, true);
  }
}

/** openFiles loads what a pane shows. It never rejects: what went wrong stands in what was found. */
export async function openFiles(pane: FilesPane, group: FileGroup): Promise<void> {
  const asked = askedOf(pane, group);
  const { key, status } = found.getState();
  if (key !== keyOf(asked) || status === 'failed') found.setState({ ...nothing, key: keyOf(asked) }, true);
  await load(asked, 0);
}

/** moreFiles loads the next page. */
export async function moreFiles(pane: FilesPane, group: FileGroup): Promise<void> {
  const asked = askedOf(pane, group);
  const { key, status, next, files } = found.getState();
  if (key !== keyOf(asked) || status !== 'ready' || next === undefined) return;
  found.setState({ key, files, next, status: 'growing' }, true);
  await load(asked, next);
}

/** closeFiles forgets what was found. */
export function closeFiles(): void {
  call?.abort();
  found.setState(nothing, true);
}
