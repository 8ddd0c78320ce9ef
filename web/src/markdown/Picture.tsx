import { memo, useState } from 'react';
import { useText } from '@/i18n/text';
import { useSurroundings } from './context';
import { externalLink } from './Link';
import styles from './Markdown.module.css';
import type { Inline } from './tree';

type Image = Extract<Inline, { type: 'image' }>;

/** The room that an image may take. */
const maxWidth = 480;
const maxHeight = 320;
/** An image whose size nobody knows stands in a box of this height, so that nothing moves when it arrives. */
const unknownHeight = 160;

/** imageBox returns the size at which an image is drawn, bounded, in its proportions; undefined when they are unknown. */
export function imageBox(
  truth: { width: number; height: number } | undefined,
  wished: { width?: number; height?: number },
): { width: number; height: number } | undefined {
  const ratio = truth && truth.width > 0 && truth.height > 0 ? truth.width / truth.height : undefined;
  let width = wished.width ?? (wished.height && ratio ? wished.height * ratio : truth?.width);
  let height = wished.height ?? (wished.width && ratio ? wished.width / ratio : truth?.height);
  if (!width || !height) return undefined;
  const shrink = Math.min(1, maxWidth / width, maxHeight / height);
  width = Math.max(1, Math.round(width * shrink));
  height = Math.max(1, Math.round(height * shrink));
  return { width, height };
}

/** Picture shows an image of a message in a bounded box that has its size before the image is there. */
export const Picture = memo(function Picture({ src, alt, title, width, height }: Image) {
  const { imageSize, imageUrl, onImage, compact } = useSurroundings();
  const [failed, setFailed] = useState(false);
  const t = useText();
  const name = alt || t('markdown.image');
  if (compact || failed) {
    return (
      <a href={src} title={title} className={styles.link} {...externalLink}>
        {name}
      </a>
    );
  }
  const box = imageBox(imageSize?.(src), { width, height });
  const image = (
    <img
      className={styles.image}
      src={imageUrl?.(src) ?? src}
      alt={name}
      title={title}
      width={box?.width}
      height={box?.height ?? unknownHeight}
      data-unknown={box ? undefined : ''}
      loading="lazy"
      decoding="async"
      referrerPolicy="no-referrer"
      onError={() => setFailed(true)}
    />
  );
  if (onImage) {
    return (
      <button
        type="button"
        className={styles.picture}
        aria-label={t('markdown.openImage', { name })}
        onClick={() => onImage(src, alt)}
      >
        {image}
      </button>
    );
  }
  return (
    <a href={src} className={styles.picture} {...externalLink}>
      {image}
    </a>
  );
});
