import { hasFiles } from '@/features/files/attached';
import { Files } from '@/features/files/Files';
import type { StoredPost } from '@/store/post';
import { useApp } from '@/store/store';
import { late } from '@/ui/late';
import type { Where } from '../acts';
import { openFile } from '../gallery';
import { useFold } from './fold';

const UploadList = late(() => import('@/features/files/UploadList').then((module) => module.UploadList), 'soon');

/** PostFiles are the files of a message, and those that a message of one's own still waits for. */
export function PostFiles({ post, where }: { post: StoredPost; where: Where }) {
  const waiting = useApp((state) => post.pending !== undefined && hasFiles(state, post.id));
  const [folded, toggle] = useFold(post.id);
  if (waiting) return <UploadList place={post.id} />;
  const { files = [] } = post.metadata;
  if (files.length === 0) return null;
  return <Files files={files} folded={folded} onFold={toggle} onOpen={(fileId) => openFile(post, where, fileId)} />;
}
