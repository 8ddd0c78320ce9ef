import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { useIntl } from 'react-intl';
import { type FileInfo, uploadFile } from '@/api/files';
import { FileIcon } from '@/features/files/FileIcon';
import { sizeText } from '@/features/files/kinds';
import { largest } from '@/features/files/limits';
import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';

import { Button } from '@/ui/Button';
import { errorText } from '@/ui/FormError';
import styles from './BookmarkDialog.module.css';

export interface BookmarkFileProps {
  channelId: string;
  file: FileInfo | undefined;
  onFile: (file: FileInfo | undefined) => void;
  error: string | undefined;
  onError: (error: string | undefined) => void;
}

/** BookmarkFile chooses a file of this device and sends it at once; `onFile` hears of it when it is there. */
export function BookmarkFile({ channelId, file, onFile, error, onError }: BookmarkFileProps) {
  const t = useText();
  const { locale } = useIntl();
  const most = useApp(largest);
  const input = useRef<HTMLInputElement>(null);
  const call = useRef<AbortController>(undefined);
  const [sending, setSending] = useState<{ name: string; size: number; sent: number }>();
  useEffect(() => () => call.current?.abort(), []);
  const send = async (chosen: File) => {
    call.current?.abort();
    onFile(undefined);
    const { name, size } = chosen;
    if (size > most) return onError(t('channels.bookmark.tooLarge', { name, most: sizeText(most, locale) }));
    onError(undefined);
    const own = new AbortController();
    call.current = own;
    const tell = (sent: number) => setSending({ name, size, sent: Math.min(sent, size) });
    tell(0);
    try {
      onFile(await uploadFile(channelId, chosen, name, { onSent: tell, signal: own.signal }));
    } catch (problem) {
      if (!own.signal.aborted) onError(errorText(problem));
    }
    if (call.current === own) setSending(undefined);
  };
  const change = (event: ChangeEvent<HTMLInputElement>) => {
    const [chosen] = event.target.files ?? [];
    if (chosen) void send(chosen);
    event.target.value = '';
  };
  const percent = sending && sending.size > 0 ? Math.floor((sending.sent / sending.size) * 100) : 0;
  return (
    <div className={styles.file}>
      {file && (
        <span className={styles.chosen}>
          <FileIcon file={file} />
          <span dir="auto">{file.name}</span>
          <span className={styles.size}>{sizeText(file.size, locale)}</span>
        </span>
      )}
      {sending && (
        <span
          className={styles.chosen}
          role="progressbar"
          aria-label={t('channels.bookmark.sending', { name: sending.name })}
          aria-valuenow={percent}
        >
          <span dir="auto">{sending.name}</span>
          <span className={styles.size}>
            {t('channels.bookmark.percent', { percent, size: sizeText(sending.size, locale) })}
          </span>
        </span>
      )}
      <Button onClick={() => input.current?.click()}>
        {t(file ? 'channels.bookmark.chooseOther' : 'channels.bookmark.choose')}
      </Button>
      <input ref={input} type="file" hidden aria-label={t('channels.bookmark.choose')} onChange={change} />
      <span className={styles.error} role="alert">
        {error}
      </span>
    </div>
  );
}
