import { useState } from 'react';
import { type FileInfo, fileUrl } from '@/api/files';
import { useText } from '@/i18n/text';
import { FileCard } from './FileCard';
import styles from './Files.module.css';
import { kindOf } from './kinds';

/** Player plays a video or a sound with the browser's own controls. What it can't play can still be kept. */
export function Player({ file }: { file: FileInfo }) {
  const t = useText();
  const [failed, setFailed] = useState(false);
  const shared = {
    src: fileUrl(file.id),
    controls: true,
    preload: 'metadata',
    'aria-label': file.name,
    onError: () => setFailed(true),
  } as const;
  return (
    <div className={styles.player} data-kind={kindOf(file)}>
      {failed ? (
        <p className={styles.unplayable}>{t('files.unplayable')}</p>
      ) : kindOf(file) === 'video' ? (
        <video {...shared} playsInline />
      ) : (
        <audio {...shared} />
      )}
      <FileCard file={file} />
    </div>
  );
}
