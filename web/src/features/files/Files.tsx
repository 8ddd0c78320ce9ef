import { ChevronDown, ChevronRight } from 'lucide-react';
import type { FileInfo } from '@/api/files';
import { Text, useText } from '@/i18n/text';
import { FileCard } from './FileCard';
import styles from './Files.module.css';
import { isGone, isMoving, isPicture, kindOf } from './kinds';
import { MovingPicture } from './MovingPicture';
import { PictureTile } from './PictureTile';
import { Player } from './Player';

export interface FilesProps {
  files: readonly FileInfo[];
  /** Pictures and players are put away. */
  folded: boolean;
  onFold: () => void;
  onOpen: (fileId: string) => void;
}

/** Files shows the files of a message: pictures, players, and the rest as cards. */
export function Files({ files, folded, onFold, onOpen }: FilesProps) {
  const t = useText();
  const standing = folded ? [] : files.filter((file) => !isGone(file));
  const pictures = standing.filter(isPicture);
  const players = standing.filter((file) => ['video', 'audio'].includes(kindOf(file)));
  const cards = files.filter((file) => !pictures.includes(file) && !players.includes(file));
  const foldable = files.some((file) => !isGone(file) && (isPicture(file) || /video|audio/.test(kindOf(file))));
  const Arrow = folded ? ChevronRight : ChevronDown;
  return (
    <div className={styles.files}>
      {foldable && (
        <button type="button" className={styles.fold} aria-expanded={!folded} onClick={onFold}>
          <Arrow size={14} aria-hidden="true" />
          <span>
            {files.length === 1 ? files[0]?.name : <Text id="files.count" values={{ count: files.length }} />}
          </span>
        </button>
      )}
      {pictures.length > 0 && (
        <ul
          className={pictures.length > 1 ? styles.grid : styles.single}
          aria-label={t('files.images')}
          data-count={pictures.length}
        >
          {pictures.map((file) => (
            <li key={file.id} className={styles.cell}>
              {isMoving(file) ? (
                <MovingPicture file={file} tile={pictures.length > 1} onOpen={onOpen} />
              ) : (
                <PictureTile file={file} tile={pictures.length > 1} onOpen={onOpen} />
              )}
            </li>
          ))}
        </ul>
      )}
      {players.map((file) => (
        <Player key={file.id} file={file} />
      ))}
      {cards.length > 0 && (
        <ul className={styles.cards} aria-label={t('files.list')}>
          {cards.map((file) => (
            <li key={file.id}>
              <FileCard file={file} onOpen={onOpen} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
