/** What a file is, as far as it matters to how it is shown. */
import type { FileInfo } from '@/api/files';
import { languageOf } from '@/markdown/code/languages';

/** Kind says how a file can be shown; `other` can only be kept. */
export type Kind = 'image' | 'video' | 'audio' | 'pdf' | 'text' | 'other';

type Typed = Pick<FileInfo, 'mime_type' | 'extension'>;

// What every browser shows as an image. SVG isn't one of them: it is a document, and sent as a file to keep.
const images = /^image\/(?:png|jpeg|gif|webp|bmp|avif|apng|x-icon|vnd\.microsoft\.icon)\b/;
const videos = /^video\/(?:mp4|webm|ogg|quicktime)\b/;
const sounds = /^audio\/(?:mpeg|mp3|mp4|x-m4a|aac|ogg|opus|wav|wave|x-wav|webm|flac|x-flac)\b/;
const texts =
  /^(?:text\/|application\/(?:json|xml|javascript|x-javascript|x-sh|x-yaml|yaml|toml|sql|typescript|x-httpd-php)\b|[^;]+\+(?:json|xml)\b)/;
const textEndings = /^(?:txt|log|csv|tsv|md|conf|cfg|ini|env|lock|srt|vtt|tex|bib|asc|rst|org|adoc)$/;

/** kindOf tells what a file is. The server made its type out of its name, so that is all there is to know. */
export function kindOf({ mime_type: mime, extension }: Typed): Kind {
  if (images.test(mime)) return 'image';
  if (videos.test(mime)) return 'video';
  if (sounds.test(mime)) return 'audio';
  if (/^application\/pdf\b/.test(mime)) return 'pdf';
  if (mime.startsWith('image/')) return 'other';
  const ending = extension.toLowerCase();
  if (texts.test(mime) || textEndings.test(ending) || languageOf(ending)) return 'text';
  return 'other';
}

/** isPicture tells whether a file is shown as an image in a message: one whose size is known. */
export const isPicture = (file: Typed & Pick<FileInfo, 'width' | 'height'>): boolean =>
  kindOf(file) === 'image' && file.width > 0 && file.height > 0;

/** isMoving tells whether an image may move. */
export const isMoving = ({ mime_type: mime }: Pick<FileInfo, 'mime_type'>): boolean => /^image\/gif\b/.test(mime);

/** isGone tells whether a file was deleted, or is out of reach for good. */
export const isGone = (file: Pick<FileInfo, 'delete_at' | 'archived'>): boolean => file.delete_at > 0 || file.archived;

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
