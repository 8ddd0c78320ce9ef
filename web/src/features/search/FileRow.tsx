import { Download, MessageSquareText } from 'lucide-react';
import { memo, useState } from 'react';
import { useIntl } from 'react-intl';
import { Link } from 'wouter';
import { type FileInfo, thumbnailUrl } from '@/api/files';
import { useChannelName } from '@/features/channels/names';
import { keepFile, openGallery } from '@/features/files/actions';
import { FileIcon } from '@/features/files/FileIcon';
import { sizeText } from '@/features/files/kinds';
import { useTimes } from '@/features/messages/time';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { permalink } from '@/store/paths';
import { useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import { Tooltip } from '@/ui/Tooltip';
import styles from './FileRow.module.css';

export interface FileRowProps {
  file: FileInfo;
  /** Those that stand around it; the gallery leads to them. */
  files: readonly FileInfo[];
  tabbable: boolean;
  /** The pane is about one channel: its name need not be said with each file. */
  oneChannel: boolean;
}

/** FileRow is a file that was found: it opens large, can be kept, and leads to its message. */
export const FileRow = memo(function FileRow({ file, files, tabbable, oneChannel }: FileRowProps) {
  const t = useText();
  const { locale } = useIntl();
  const times = useTimes();
  const channel = useChannelName(file.channel_id);
  const href = useApp((state) => permalink(state, file.channel_id, file.post_id ?? ''));
  const index = tabbable ? 0 : -1;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the virtual list brings its own boxes
    <div role="listitem" className={styles.row}>
      <button
        type="button"
        className={styles.open}
        data-file={file.id}
        tabIndex={index}
        onClick={() => openGallery(files, file.id)}
      >
        <Thumb file={file} />
        <span className={styles.words}>
          <span className={styles.name} dir="auto" title={file.name}>
            {file.name}
          </span>{' '}
          <span className={styles.meta}>
            <UserName userId={file.user_id} />
            <span>{times.brief(file.create_at)}</span>
            <span data-figures>{sizeText(file.size, locale)}</span>
            {!oneChannel && channel && <span className={styles.channel}>{channel}</span>}
          </span>
        </span>
      </button>
      {file.post_id && (
        <Tooltip text={t('files.jump')}>
          <Link
            href={href}
            className={styles.jump}
            aria-label={t('search.files.jump', { name: file.name })}
            tabIndex={index}
          >
            <MessageSquareText size={18} aria-hidden="true" />
          </Link>
        </Tooltip>
      )}
      <IconButton
        label={t('files.download', { name: file.name })}
        icon={<Download />}
        tabIndex={index}
        onClick={() => void keepFile(file)}
        placement="left"
      />
    </div>
  );
});

function Thumb({ file }: { file: FileInfo }) {
  const [broken, setBroken] = useState(false);
  return (
    <span className={styles.thumb}>
      {file.has_preview_image && !broken ? (
        <img src={thumbnailUrl(file.id)} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
      ) : (
        <FileIcon file={file} />
      )}
    </span>
  );
}
