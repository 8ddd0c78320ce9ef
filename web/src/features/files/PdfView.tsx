import { useEffect, useState } from 'react';
import { getFileBlob } from '@/api/files';
import { useText } from '@/i18n/text';
import { FileCard } from './FileCard';
import styles from './Gallery.module.css';
import type { ShownProps } from './Stage';
import { Waiting } from './TextView';

/** Larger documents are kept instead of shown: all of one has to be in memory. In bytes. */
export const pdfMost = 50_000_000;

/**
 * PdfView shows a document in the browser's own viewer. It gets the bytes under the one type that it may have, so that
 * whatever the file is, the frame shows a PDF or nothing; the viewer is a world of its own, without this page's rights.
 */
export function PdfView({ file, onFail }: ShownProps) {
  const t = useText();
  const [url, setUrl] = useState('');
  const shows = navigator.pdfViewerEnabled === true && file.size <= pdfMost;
  useEffect(() => {
    if (!shows) return;
    const call = new AbortController();
    let made = '';
    getFileBlob(file.id, 'application/pdf', call.signal).then(
      (blob) => {
        if (call.signal.aborted) return;
        made = URL.createObjectURL(blob);
        setUrl(made);
      },
      (error: unknown) => !call.signal.aborted && onFail(error),
    );
    return () => {
      call.abort();
      URL.revokeObjectURL(made);
    };
  }, [file.id, shows]);
  if (!shows) {
    return (
      <div className={styles.card}>
        <p className={styles.note}>{t('files.noViewer')}</p>
        <FileCard file={file} />
      </div>
    );
  }
  return url ? <iframe className={styles.pdf} src={url} title={file.name} /> : <Waiting />;
}
