import { ImageOff } from 'lucide-react';
import { type CSSProperties, type ReactNode, useState } from 'react';
import { type FileInfo, fileUrl, previewUrl } from '@/api/files';
import { useText } from '@/i18n/text';
import { imageBox } from '@/markdown/Picture';
import styles from './Files.module.css';

/** An image is never drawn smaller than this, so that it can be pressed; in pixels. */
const smallest = 48;

const base64 = /^[A-Za-z0-9+/]+=*$/;

/** miniOf is the style of the few pixels that stand blurred until an image is there. */
export function miniOf(file: Pick<FileInfo, 'mini_preview'>): CSSProperties | undefined {
  const mini = file.mini_preview ?? '';
  return base64.test(mini) ? { backgroundImage: `url("data:image/jpeg;base64,${mini}")` } : undefined;
}

/** sourceOf is the address of an image at the size of a screen. */
export const sourceOf = (file: Pick<FileInfo, 'id' | 'has_preview_image'>): string =>
  file.has_preview_image ? previewUrl(file.id) : fileUrl(file.id);

export interface PictureTileProps {
  file: FileInfo;
  /** One of several, in equal squares. */
  tile: boolean;
  onOpen: (fileId: string) => void;
  /** What stands in the place of the image itself. */
  children?: ReactNode;
}

/** boxOf is the room that a picture takes before it is there. */
export function boxOf(file: Pick<FileInfo, 'width' | 'height'>, tile: boolean): CSSProperties | undefined {
  const box = tile ? undefined : imageBox(file, {});
  if (!box) return undefined;
  const [width, height] = [Math.max(smallest, box.width), Math.max(smallest, box.height)];
  return { width, aspectRatio: `${width} / ${height}` };
}

/** PictureTile is an image of a message in a box of its own size; pressed, it opens large. */
export function PictureTile({ file, tile, onOpen, children }: PictureTileProps) {
  const t = useText();
  const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading');
  if (state === 'failed')
    return <Unavailable file={file} style={boxOf(file, tile)} onRetry={() => setState('loading')} />;
  const mini = miniOf(file);
  return (
    <button
      type="button"
      className={styles.picture}
      style={boxOf(file, tile)}
      data-tile={tile || undefined}
      data-there={state === 'there' || children !== undefined || undefined}
      aria-label={t('files.openImage', { name: file.name })}
      onClick={() => onOpen(file.id)}
    >
      {mini && <span className={styles.mini} style={mini} />}
      {children ?? (
        <img
          src={sourceOf(file)}
          alt=""
          loading="lazy"
          decoding="async"
          onLoad={() => setState('there')}
          onError={() => setState('failed')}
        />
      )}
    </button>
  );
}

/** Unavailable stands where an image doesn't come: it was deleted, or one may not see it any more, or the line is cut. */
export function Unavailable({
  file,
  style,
  onRetry,
}: {
  file: FileInfo;
  style: CSSProperties | undefined;
  onRetry: () => void;
}) {
  const t = useText();
  return (
    <button type="button" className={styles.broken} style={style} onClick={onRetry} title={t('files.tryAgain')}>
      <ImageOff size={20} aria-hidden="true" />
      <span className={styles.brokenName} dir="auto">
        {file.name}
      </span>
      <span>{t('files.unavailable')}</span>
    </button>
  );
}
