/** What one does with a file. */
import { type FileInfo, fileUrl, getFileInfo, getPublicLink } from '@/api/files';
import { openDialog } from '@/store/commands';
import { setting } from '@/store/selectors';
import { getState, type State } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { copyText } from '@/ui/clipboard';

/** openGallery shows a file large, with the others on its left and right. */
export function openGallery(files: readonly FileInfo[], fileId: string): void {
  openDialog({ kind: 'gallery', files, fileId });
}

/** keepFile downloads a file. One that is gone, or refused, is said to be in a notice instead of failing unseen. */
export async function keepFile(file: Pick<FileInfo, 'id' | 'name'>): Promise<void> {
  if (!(await attempt(getFileInfo(file.id)))) return;
  const link = document.createElement('a');
  link.href = fileUrl(file.id, true);
  link.download = file.name;
  link.click();
}

/** mayPublish tells whether files may be shown to who has no account. */
export const mayPublish = (state: State): boolean => state.server.config.EnablePublicLink === 'true';

/** copyFileLink copies the address of a file, for who may see it here. */
export const copyFileLink = (id: string): Promise<void> =>
  copyText((setting(getState(), 'SiteURL') || window.location.origin) + fileUrl(id));

/** copyPublicLink copies an address at which everybody can see a file. */
export async function copyPublicLink(id: string): Promise<void> {
  const { link } = await getPublicLink(id);
  await copyText(link);
}
