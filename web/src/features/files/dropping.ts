/** What can be dropped where: message boxes say so here, and `DropAreas.tsx` draws the areas. */

/** DropPlace is where files can be dropped: a part of the page, and what happens with them. */
export interface DropPlace {
  /** The area is drawn over it. */
  element: HTMLElement;
  /** What dropping does, in words. */
  label: string;
  onDrop: (chosen: Chosen) => void;
}

/** Chosen is what somebody dropped or pasted: files, and the names of folders, which can't be sent. */
export type Chosen = { files: readonly File[]; folders: readonly string[] };

const places = new Set<DropPlace>();

/** registerDrop makes a place one for dropping. It returns how to undo that. */
export function registerDrop(place: DropPlace): () => void {
  places.add(place);
  return () => places.delete(place);
}

/** dropPlaces lists those that can be seen. */
export const dropPlaces = (): DropPlace[] => [...places].filter(({ element }) => element.getClientRects().length > 0);

/** carriesFiles tells whether something that is dragged, or on the clipboard, has files. */
export const carriesFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') ?? false;

/** chosenOf reads what was dropped or pasted, while its event is still being told. */
export function chosenOf(data: DataTransfer): Chosen {
  const folders: string[] = [];
  const files: File[] = [];
  for (const item of [...data.items].filter(({ kind }) => kind === 'file')) {
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    if (entry?.isDirectory) folders.push(entry.name);
    else if (file) files.push(file);
  }
  return { files, folders };
}

/** Browsers call every picture of the clipboard this. */
const nameless = /^image\.(\w+)$/;

/** pastedName gives a nameless picture of the clipboard a name; `words` makes one of the time. */
export function pastedName(file: File, words: (when: string) => string, now: Date): File {
  const ending = nameless.exec(file.name)?.[1];
  if (!ending) return file;
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('.');
  return new File([file], `${words(`${day} ${time}`)}.${ending}`, { type: file.type });
}
