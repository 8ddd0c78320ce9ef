import { Download } from 'lucide-react';
import type { MouseEvent } from 'react';
import { useIntl } from 'react-intl';
import { type FileInfo, fileUrl } from '@/api/files';
import { useText } from '@/i18n/text';
import { keepFile } from './actions';
import { FileIcon } from './FileIcon';
import styles from './Files.module.css';
import { isGone, kindOf, sizeText } from './kinds';

export interface FileCardProps {
  file: FileInfo;
  /** Shows it; without, the card only offers to keep it. */
  onOpen?: (fileId: string) => void;
}

/** FileCard is a file by its name: it opens what can be shown here, and keeps anything. */
export function FileCard({ file, onOpen }: FileCardProps) {
  const t = useText();
  if (isGone(file)) {
    return (
      <div className={styles.card} data-gone="">
        <span className={styles.opener}>
          <CardWords file={file} note={t('files.gone')} />
        </span>
      </div>
    );
  }
  const open = onOpen && kindOf(file) !== 'other' ? onOpen : undefined;
  return (
    <div className={styles.card}>
      {open ? (
        <button type="button" className={styles.opener} onClick={() => open(file.id)}>
          <span className="visually-hidden">{t('files.openWord')} </span>
          <CardWords file={file} />
        </button>
      ) : (
        <DownloadLink file={file} className={styles.opener}>
          <span className="visually-hidden">{t('files.downloadWord')} </span>
          <CardWords file={file} />
          <span className={styles.keep}>
            <Download size={18} aria-hidden="true" />
          </span>
        </DownloadLink>
      )}
      {open && (
        <DownloadLink file={file} className={styles.keep} label={t('files.download', { name: file.name })}>
          <Download size={18} aria-hidden="true" />
        </DownloadLink>
      )}
    </div>
  );
}

function CardWords({ file, note }: { file: FileInfo; note?: string }) {
  const { locale } = useIntl();
  return (
    <>
      <span className={styles.icon}>
        <FileIcon file={file} />
      </span>
      <span className={styles.words}>
        <span className={styles.name} dir="auto" title={file.name}>
          {file.name}
        </span>{' '}
        <span className={styles.meta}>
          {note ?? `${file.extension ? `${file.extension.toUpperCase()} · ` : ''}${sizeText(file.size, locale)}`}
        </span>
      </span>
    </>
  );
}

export interface DownloadLinkProps {
  file: Pick<FileInfo, 'id' | 'name'>;
  className?: string | undefined;
  label?: string;
  children: React.ReactNode;
}

/** DownloadLink keeps a file. It is a link like any other to who copies it or opens it elsewhere. */
export function DownloadLink({ file, className, label, children }: DownloadLinkProps) {
  const click = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void keepFile(file);
  };
  return (
    <a
      className={className}
      href={fileUrl(file.id, true)}
      download={file.name}
      aria-label={label}
      title={label}
      onClick={click}
    >
      {children}
    </a>
  );
}
