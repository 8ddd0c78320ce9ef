import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import { getFileStart } from '@/api/files';
import { Text, useText } from '@/i18n/text';
import { CodeBlock } from '@/markdown/code/CodeBlock';
import { languageOf } from '@/markdown/code/languages';
import { SkeletonRow } from '@/ui/Skeleton';
import { FileCard } from './FileCard';
import styles from './Gallery.module.css';
import { sizeText } from './kinds';
import type { ShownProps } from './Stage';
import { textOf } from './text';

/** So much of a text is shown; in bytes. */
export const shownMost = 256 * 1024;

/** TextView shows the beginning of a text or of code, in colours. */
export function TextView({ file, onFail }: ShownProps) {
  const t = useText();
  const { locale } = useIntl();
  const [text, setText] = useState<{ words: string | undefined }>();
  useEffect(() => {
    const call = new AbortController();
    getFileStart(file.id, shownMost, call.signal).then(
      (bytes) => setText({ words: textOf(bytes) }),
      (error: unknown) => !call.signal.aborted && onFail(error),
    );
    return () => call.abort();
  }, [file.id]);
  if (!text) return <Waiting />;
  if (text.words === undefined) {
    return (
      <div className={styles.card}>
        <p className={styles.note}>{t('files.binary')}</p>
        <FileCard file={file} />
      </div>
    );
  }
  const cut = file.size > shownMost;
  const ending = file.extension.toLowerCase();
  return (
    <div className={styles.text}>
      {cut && (
        <p className={styles.note}>
          <Text id="files.cutText" values={{ most: sizeText(shownMost, locale), size: sizeText(file.size, locale) }} />
        </p>
      )}
      {text.words === '' ? (
        <p className={styles.note}>{t('files.empty')}</p>
      ) : (
        <CodeBlock text={text.words} language={languageOf(ending) ? ending : ''} />
      )}
    </div>
  );
}

/** Waiting stands where a file is on its way. */
export function Waiting() {
  const t = useText();
  return (
    <div className={styles.waiting} role="status" aria-label={t('files.loading')}>
      <SkeletonRow rows={5} />
    </div>
  );
}
