import { RotateCw, X } from 'lucide-react';
import { memo, useRef, useState } from 'react';
import { useIntl } from 'react-intl';
import { thumbnailUrl } from '@/api/files';
import { useText } from '@/i18n/text';
import { dispatch, useAppShallow } from '@/store/store';
import { isOpen, type Upload, uploadsAt } from '@/store/uploads';
import { cx } from '@/ui/cx';
import { IconButton } from '@/ui/IconButton';
import { detach } from './attached';
import { FileIcon } from './FileIcon';
import { sizeText } from './kinds';
import styles from './UploadList.module.css';

export interface UploadListProps {
  /** The draft, or the message that waits for its files. */
  place: string;
  /** Called when the last one was taken away, to bring the focus somewhere. */
  onEmpty?: () => void;
}

/** UploadList shows the files of a message to be: how far they are, and how to take them away or send them again. */
export function UploadList({ place, onEmpty }: UploadListProps) {
  const t = useText();
  const uploads = useAppShallow((state) => uploadsAt(state.uploads, place));
  const list = useRef<HTMLUListElement>(null);
  if (uploads.length === 0) return null;
  const done = uploads.filter(({ status }) => status === 'done').length;
  const remove = (id: string, at: number) => {
    detach(id);
    requestAnimationFrame(() => {
      const rest = [...(list.current?.querySelectorAll<HTMLElement>('[data-remove]') ?? [])];
      const next = rest[Math.min(at, rest.length - 1)];
      if (next) next.focus();
      else onEmpty?.();
    });
  };
  return (
    <>
      <ul ref={list} className={styles.list} aria-label={t('files.attached')}>
        {uploads.map((upload, at) => (
          <Chip key={upload.id} upload={upload} onRemove={() => remove(upload.id, at)} />
        ))}
      </ul>
      <span className="visually-hidden" role="status">
        {uploads.some(isOpen)
          ? t('files.progress', { done, count: uploads.length })
          : t('files.ready', { count: done })}
      </span>
    </>
  );
}

const Chip = memo(function Chip({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const t = useText();
  const { id, name, status, size, sent } = upload;
  const percent = size > 0 ? Math.floor((sent / size) * 100) : 0;
  return (
    <li className={styles.chip} data-status={status}>
      <Thumb upload={upload} />
      <span className={styles.words}>
        <span className={styles.name} dir="auto" title={name}>
          {name}
        </span>
        <Meta upload={upload} percent={percent} />
      </span>
      {status === 'failed' && !upload.lost && (
        <IconButton
          size="s"
          label={t('files.retry', { name })}
          icon={<RotateCw />}
          onClick={() => dispatch({ type: 'upload/again', id })}
        />
      )}
      <IconButton
        size="s"
        label={t(isOpen(upload) ? 'files.cancel' : 'files.remove', { name })}
        icon={<X />}
        data-remove=""
        onClick={onRemove}
      />
      {isOpen(upload) && (
        <span
          className={styles.bar}
          role="progressbar"
          aria-label={t('files.uploading', { name })}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <span style={{ inlineSize: `${percent}%` }} />
        </span>
      )}
    </li>
  );
});

function Meta({ upload, percent }: { upload: Upload; percent: number }) {
  const t = useText();
  const { locale } = useIntl();
  const { status, size } = upload;
  if (status === 'failed') {
    return (
      <span className={cx(styles.meta, styles.failed)} role="alert">
        {upload.failure || t('files.lost')}
      </span>
    );
  }
  const words =
    status === 'cut'
      ? t('files.cut')
      : status === 'sending'
        ? t('files.percent', { percent, size: sizeText(size, locale) })
        : sizeText(size, locale);
  return (
    <span className={styles.meta} data-figures>
      {words}
    </span>
  );
}

function Thumb({ upload }: { upload: Upload }) {
  const [broken, setBroken] = useState(false);
  const { picture, file, name } = upload;
  const src = picture ?? (file?.has_preview_image ? thumbnailUrl(file.id) : '');
  const extension = file?.extension ?? name.split('.').at(-1) ?? '';
  return (
    <span className={styles.thumb}>
      {src && !broken ? (
        <img src={src} alt="" onError={() => setBroken(true)} />
      ) : (
        <FileIcon file={{ mime_type: upload.mime, extension }} />
      )}
    </span>
  );
}
