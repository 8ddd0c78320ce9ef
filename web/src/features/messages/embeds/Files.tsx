import { File, FileArchive, FileAudio, FileCode, FileImage, FileSpreadsheet, FileText, FileVideo } from 'lucide-react';
import { useIntl } from 'react-intl';
import { apiUrl } from '@/api/http';
import { useText } from '@/i18n/text';
import type { StoredPost } from '@/store/post';
import styles from './Embeds.module.css';

const kinds: [pattern: RegExp, icon: typeof File][] = [
  [/^image\//, FileImage],
  [/^video\//, FileVideo],
  [/^audio\//, FileAudio],
  [/zip|compressed|x-tar|x-7z|x-rar/, FileArchive],
  [/spreadsheet|csv|excel/, FileSpreadsheet],
  [/json|javascript|xml|x-sh|typescript|x-go/, FileCode],
  [/^text\/|pdf|word|document/, FileText],
];

const iconOf = (mime: string) => kinds.find(([pattern]) => pattern.test(mime))?.[1] ?? File;

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** sizeText writes a number of bytes in a unit that reads well. */
export function sizeText(bytes: number, locale: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[unit],
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

/** Files lists the files of a message as links. */
export function Files({ post }: { post: Pick<StoredPost, 'metadata'> }) {
  const t = useText();
  const { locale } = useIntl();
  const { files = [] } = post.metadata;
  if (files.length === 0) return null;
  return (
    <ul className={styles.files} aria-label={t('messages.files', { count: files.length })}>
      {files.map((file) => {
        const Icon = iconOf(file.mime_type);
        return (
          <li key={file.id}>
            <a className={styles.file} href={apiUrl(`/files/${file.id}`, { download: 1 })} download={file.name}>
              <Icon size={20} aria-hidden="true" />
              <span className={styles.fileName} dir="auto">
                {file.name}
              </span>
              <span className={styles.fileSize}>{sizeText(file.size, locale)}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
