import { useState } from 'react';
import { useText } from '@/i18n/text';
import { imageBox } from '@/markdown/Picture';
import styles from './Embeds.module.css';

export interface SizedImageProps {
  src: string;
  alt: string;
  /** Its true size, so that nothing moves when it arrives. */
  size?: { width: number; height: number };
  load: (src: string) => string;
  onOpen?: (src: string, alt: string) => void;
}

/** SizedImage is an image that somebody linked to, in a box of its own size; pressed, it opens large. */
export function SizedImage({ src, alt, size, load, onOpen }: SizedImageProps) {
  const t = useText();
  const [failed, setFailed] = useState(false);
  const name = alt || fileName(src);
  if (failed) {
    return (
      <a href={src} target="_blank" rel="noopener noreferrer nofollow" className={styles.broken}>
        {t('messages.imageFailed', { name })}
      </a>
    );
  }
  const box = imageBox(size, {});
  return (
    <button
      type="button"
      className={styles.imageButton}
      style={box ? { width: box.width, aspectRatio: `${box.width} / ${box.height}` } : undefined}
      data-unknown={box ? undefined : ''}
      aria-label={t('messages.openImage', { name })}
      onClick={() => onOpen?.(src, alt)}
    >
      <img
        src={load(src)}
        alt=""
        width={box?.width}
        height={box?.height}
        loading="lazy"
        decoding="async"
        referrerPolicy="no-referrer"
        onError={() => setFailed(true)}
      />
    </button>
  );
}

/** The last part of an address, as a name. */
function fileName(src: string): string {
  const part = src.split(/[?#]/)[0]?.split('/').filter(Boolean).at(-1) ?? src;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
