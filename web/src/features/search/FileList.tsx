import { type ReactNode, useEffect, useRef, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import type { FileInfo } from '@/api/files';
import { isGone } from '@/features/files/kinds';
import { Text, useText } from '@/i18n/text';
import { postOf } from '@/store/posts';
import { type State, useAppShallow } from '@/store/store';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Select } from '@/ui/Select';
import { SkeletonRow } from '@/ui/Skeleton';
import { TextButton } from '@/ui/TextButton';
import { FileRow } from './FileRow';
import styles from './Found.module.css';
import { closeFiles, type FileGroup, type FilesPane, fileGroups, moreFiles, openFiles, useFound } from './files';
import { useWalk } from './useWalk';

export interface FileListProps {
  pane: FilesPane;
  /** What stands where there are none at all. */
  empty: ReactNode;
}

/** What was deleted since it was found isn't found any more. */
const stands = (state: State, file: FileInfo): boolean =>
  !isGone(file) && (postOf(state.posts, file.channel_id, file.post_id ?? '')?.delete_at ?? 0) === 0;

/** Nearer to the end than this, in pixels, the next page is asked for. */
const near = 600;

/** FileList is what a pane has of files, the newest first; it can keep to one kind. */
export function FileList({ pane, empty }: FileListProps) {
  const t = useText();
  const [group, setGroup] = useState<FileGroup>('');
  const { files, status, error, next } = useFound(pane, group);
  useEffect(() => {
    void openFiles(pane, group);
  }, [pane, group]);
  useEffect(() => closeFiles, []);
  const shown = useAppShallow((state) => files.filter((file) => stands(state, file)));
  return (
    <>
      <div className={styles.kinds}>
        <Select
          label={t('search.files.kind')}
          hideLabel
          value={group}
          options={fileGroups.map((one) => ({ value: one, label: t(`search.files.${one || 'any'}`) }))}
          onChange={setGroup}
        />
      </div>
      {status === 'loading' ? (
        <div className={styles.waiting} aria-busy="true">
          <SkeletonRow rows={6} />
        </div>
      ) : status === 'failed' ? (
        <ErrorState title={t('search.files.failed')} error={error} onRetry={() => void openFiles(pane, group)} />
      ) : shown.length === 0 && next === undefined ? (
        <div className={styles.state}>{group === '' ? empty : <EmptyState title={t('search.files.noneOfKind')} />}</div>
      ) : (
        <Rows pane={pane} group={group} files={shown} />
      )}
    </>
  );
}

function Rows({ pane, group, files }: { pane: FilesPane; group: FileGroup; files: readonly FileInfo[] }) {
  const t = useText();
  const list = useRef<VListHandle>(null);
  const ids = files.map(({ id }) => id);
  const { current, onKeyDown, onFocus } = useWalk(ids, list, 'data-file');
  const look = () => {
    const at = list.current;
    if (at && at.scrollOffset + at.viewportSize > at.scrollSize - near) void moreFiles(pane, group);
  };
  // A page may be shorter than the pane.
  useEffect(look, [files.length]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of its rows, which walk among them
    <div className={styles.list} onKeyDown={onKeyDown} onFocus={onFocus}>
      <VList ref={list} className={styles.scroller} role="list" aria-label={t('search.files.list')} onScroll={look}>
        {files.map((file) => (
          <FileRow
            key={file.id}
            file={file}
            files={files}
            tabbable={file.id === current}
            oneChannel={pane.kind === 'files'}
          />
        ))}
        {/* biome-ignore lint/a11y/useSemanticElements: the virtual list brings its own boxes */}
        <div key="foot" role="listitem">
          <Foot pane={pane} group={group} />
        </div>
      </VList>
    </div>
  );
}

function Foot({ pane, group }: { pane: FilesPane; group: FileGroup }) {
  const t = useText();
  const { status, error, next } = useFound(pane, group);
  if (error && status === 'ready') {
    return (
      <p className={styles.foot} role="alert">
        <Text id="search.moreFailed" />{' '}
        <TextButton onClick={() => void moreFiles(pane, group)}>
          <Text id="search.retry" />
        </TextButton>
      </p>
    );
  }
  if (next === undefined) return <div className={styles.end}>{t('search.end')}</div>;
  return (
    <div className={styles.waiting} role="status" aria-label={t('search.more')}>
      <SkeletonRow rows={2} />
    </div>
  );
}
